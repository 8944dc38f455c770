import { Module } from '@nestjs/common';
import { BadgesModule } from '../badges/badges.module.js';
import { InsightsModule } from '../insights/insights.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { AwardCarrier } from './carriers/award.carrier.js';
import { ExpandCarrier } from './carriers/expand.carrier.js';
import { SendCarrier } from './carriers/send.carrier.js';
import { DefinitionsService } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import { EffectsService } from './effects.service.js';
import { ExpansionsService } from './expansions.service.js';
import { ExpansionPages } from './expansion-pages.service.js';
import { HistoryService } from './history.service.js';
import { RecalculationsConsumer } from './recalculations.consumer.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';
import { SchedulesService } from './schedules.service.js';
import { StartsService } from './starts.service.js';
import { TimersService } from './timers.service.js';
import { WorkflowsConsumer } from './workflows.consumer.js';
import { WorkflowsController } from './workflows.controller.js';

/** Drives the pure interpreter: loads batches of runs, advances them, stores what came of it in one transaction. */
@Module({
  imports: [BadgesModule, InsightsModule, ScoringModule],
  controllers: [WorkflowsController, RunsController, WorkflowsConsumer, RecalculationsConsumer],
  providers: [
    AwardCarrier,
    ExpandCarrier,
    SendCarrier,
    DefinitionsService,
    DriverService,
    EffectsService,
    ExpansionPages,
    ExpansionsService,
    HistoryService,
    RunsService,
    SchedulesService,
    StartsService,
    TimersService,
  ],
})
export class WorkflowsModule {}
