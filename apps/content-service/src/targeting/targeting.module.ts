import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { ContentProgrammeModule } from '../programme/content-programme.module.js';
import { AudienceService } from './audience.service.js';
import { InterestsService } from './interests.service.js';
import { TargetingController } from './targeting.controller.js';

/** Whom posts are for. */
@Module({
  imports: [PeopleModule, ContentProgrammeModule],
  controllers: [TargetingController],
  providers: [AudienceService, InterestsService],
  exports: [AudienceService, InterestsService],
})
export class TargetingModule {}
