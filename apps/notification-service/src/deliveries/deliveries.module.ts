import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { BouncesModule } from '../bounces/bounces.module.js';
import { PacingModule } from '../pacing/pacing.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { DeliveriesConsumer } from './deliveries.consumer.js';
import { DeliveriesController } from './deliveries.controller.js';
import { Deliveries } from './deliveries.service.js';
import { Flights } from './flights.js';
import { LetterOrders } from './letter-orders.js';
import { LetterPageController } from './letter-page.controller.js';
import { LetterPages } from './letter-pages.js';
import { Letters } from './letters.js';
import { Packing } from './packing.js';
import { Posts } from './posts.js';
import { Results } from './results.js';
import { Sender } from './sender.js';
import { StopConsumer } from './stop.consumer.js';
import { Writing } from './writing.js';

@Module({
  imports: [ChannelsModule, TemplatesModule, RecipientsModule, AnswersModule, BouncesModule, PacingModule],
  controllers: [DeliveriesConsumer, DeliveriesController, StopConsumer, LetterPageController],
  providers: [
    Deliveries,
    Flights,
    LetterOrders,
    LetterPages,
    Letters,
    Packing,
    Posts,
    Results,
    Sender,
    Writing,
  ],
})
export class DeliveriesModule {}
