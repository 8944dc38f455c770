import { Module } from '@nestjs/common';
import { ScoringModule } from '../scoring/scoring.module.js';
import { ActivitiesConsumer } from './activities.consumer.js';
import { ActivitiesController } from './activities.controller.js';
import { ActivitiesService } from './activities.service.js';

/** The activity log and its two ways in: REST and the content service's events. */
@Module({
  imports: [ScoringModule],
  controllers: [ActivitiesController, ActivitiesConsumer],
  providers: [ActivitiesService],
  exports: [ActivitiesService],
})
export class ActivitiesModule {}
