import { Module } from '@nestjs/common';
import { BouncesModule } from '../bounces/bounces.module.js';
import { ChannelsController } from './channels.controller.js';
import { Channels } from './channels.service.js';
import { Mailer } from './mailer.js';

/** The ways out: mail, and the channels of the programme. */
@Module({
  imports: [BouncesModule],
  controllers: [ChannelsController],
  providers: [Channels, Mailer],
  exports: [Channels, Mailer],
})
export class ChannelsModule {}
