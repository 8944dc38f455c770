import { Module } from '@nestjs/common';
import { ContentProgrammeModule } from '../programme/content-programme.module.js';
import { CaptionsService } from './captions.service.js';
import { MixController } from './mix.controller.js';
import { MixService } from './mix.service.js';
import { SupplyService } from './supply.service.js';

/** The mix of what comes out, and its supply. */
@Module({
  imports: [ContentProgrammeModule],
  controllers: [MixController],
  providers: [CaptionsService, MixService, SupplyService],
  exports: [CaptionsService],
})
export class MixModule {}
