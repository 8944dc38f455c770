import { Module } from '@nestjs/common';
import { BouncesModule } from '../bounces/bounces.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { TrialsController } from './trials.controller.js';
import { Trials } from './trials.service.js';

/** Samples of templates in one's own mailbox. */
@Module({
  imports: [TemplatesModule, RecipientsModule, ChannelsModule, BouncesModule],
  controllers: [TrialsController],
  providers: [Trials],
})
export class TrialsModule {}
