import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { TrialsController } from './trials.controller.js';
import { Trials } from './trials.service.js';

/** Samples of templates in one's own mailbox. */
@Module({
  imports: [TemplatesModule, RecipientsModule, DeliveriesModule],
  controllers: [TrialsController],
  providers: [Trials],
})
export class TrialsModule {}
