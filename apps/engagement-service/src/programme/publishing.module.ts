import { Module } from '@nestjs/common';
import { InsightsModule } from '../insights/insights.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { ApplyService } from './apply.service.js';
import { ChangeService } from './change.service.js';
import { FollowerService } from './follower.service.js';
import { ForesightService } from './foresight.service.js';
import { MovesService } from './moves.service.js';
import { PlanService } from './plan.service.js';
import { ProgrammeController } from './programme.controller.js';
import { VersionsController } from './versions.controller.js';

/** Brings another programme, or another version of a workflow, into force. */
@Module({
  imports: [InsightsModule, ScoringModule, WorkflowsModule],
  controllers: [ProgrammeController, VersionsController],
  providers: [ApplyService, ChangeService, FollowerService, ForesightService, MovesService, PlanService],
})
export class PublishingModule {}
