import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { BouncesController } from './bounces.controller.js';
import { BounceListener } from './bounces.listener.js';
import { Bounces } from './bounces.service.js';
import { ReturnPaths } from './return-paths.js';
import { SuppressionsController } from './suppressions.controller.js';
import { Suppressions } from './suppressions.service.js';

@Module({
  imports: [RecipientsModule],
  controllers: [BouncesController, SuppressionsController],
  providers: [BounceListener, Bounces, ReturnPaths, Suppressions],
  exports: [ReturnPaths, Suppressions],
})
export class BouncesModule {}
