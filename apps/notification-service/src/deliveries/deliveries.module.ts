import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { DeliveriesConsumer } from './deliveries.consumer.js';
import { DeliveriesController } from './deliveries.controller.js';
import { Deliveries } from './deliveries.service.js';
import { Letters } from './letters.js';
import { Mailer } from './mailer.js';
import { Results } from './results.js';
import { Sender } from './sender.js';
import { StopConsumer } from './stop.consumer.js';

@Module({
  imports: [TemplatesModule, RecipientsModule, AnswersModule],
  controllers: [DeliveriesConsumer, DeliveriesController, StopConsumer],
  providers: [Deliveries, Letters, Mailer, Results, Sender],
})
export class DeliveriesModule {}
