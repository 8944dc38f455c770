import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { PacingModule } from '../pacing/pacing.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { PreferencesController } from './preferences.controller.js';
import { Preferences } from './preferences.service.js';

/** Which mails somebody wants. */
@Module({
  imports: [RecipientsModule, TemplatesModule, PacingModule, ChannelsModule],
  controllers: [PreferencesController],
  providers: [Preferences],
})
export class PreferencesModule {}
