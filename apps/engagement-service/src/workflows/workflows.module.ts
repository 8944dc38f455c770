import { Module } from '@nestjs/common';
import { ActivitiesModule } from '../activities/activities.module.js';
import { BadgesModule } from '../badges/badges.module.js';
import { InsightsModule } from '../insights/insights.module.js';
import { RewardsModule } from '../rewards/rewards.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { RunMeter } from '../steering/run-meter.js';
import { SurveysModule } from '../surveys/surveys.module.js';
import { AudienceChecksService } from './audience-checks.service.js';
import { AudiencesConsumer } from './audiences.consumer.js';
import { AudiencesService } from './audiences.service.js';
import { BeginningsService } from './beginnings.service.js';
import { CallsService } from './calls.service.js';
import { AskCarrier } from './carriers/ask.carrier.js';
import { AwardCarrier } from './carriers/award.carrier.js';
import { CallCarrier } from './carriers/call.carrier.js';
import { CARRIERS } from './carriers/carrier.js';
import type { Carrier } from './carriers/carrier.js';
import { EmitCarrier } from './carriers/emit.carrier.js';
import { ExpandCarrier } from './carriers/expand.carrier.js';
import { HoldCarrier, ReleaseCarrier } from './carriers/hold.carriers.js';
import { PublishCarrier, StartCarrier, StopCarrier } from './carriers/others.carriers.js';
import { RevokeCarrier } from './carriers/revoke.carrier.js';
import { PostCarrier } from './carriers/post.carrier.js';
import { SendCarrier } from './carriers/send.carrier.js';
import { ThrottleCarrier } from './carriers/throttle.carrier.js';
import { CarefulDriver } from './careful.service.js';
import { DeferredService } from './deferred.service.js';
import { DefinitionsService } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import { DropsService } from './drops.service.js';
import { EarsService } from './ears.service.js';
import { EffectsService } from './effects.service.js';
import { ExpansionsService } from './expansions.service.js';
import { ExpansionPages } from './expansion-pages.service.js';
import { HistoryService } from './history.service.js';
import { HooksController } from './hooks.controller.js';
import { QueueService } from './queue.service.js';
import { RecalculationsConsumer } from './recalculations.consumer.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';
import { SchedulesService } from './schedules.service.js';
import { StartsService } from './starts.service.js';
import { StopsService } from './stops.service.js';
import { TimersService } from './timers.service.js';
import { WakingService } from './waking.service.js';
import { WorkflowsConsumer } from './workflows.consumer.js';
import { WorkflowsController } from './workflows.controller.js';

const carriers = [
  AskCarrier,
  AwardCarrier,
  CallCarrier,
  EmitCarrier,
  ExpandCarrier,
  HoldCarrier,
  PublishCarrier,
  ReleaseCarrier,
  RevokeCarrier,
  PostCarrier,
  SendCarrier,
  StartCarrier,
  StopCarrier,
  ThrottleCarrier,
];

/** Drives the pure interpreter: loads batches of runs, advances them, stores what came of it in one transaction. */
@Module({
  imports: [ActivitiesModule, BadgesModule, InsightsModule, RewardsModule, ScoringModule, SurveysModule],
  controllers: [
    WorkflowsController,
    RunsController,
    HooksController,
    WorkflowsConsumer,
    RecalculationsConsumer,
    AudiencesConsumer,
  ],
  providers: [
    ...carriers,
    { provide: CARRIERS, useFactory: (...all: Carrier[]): Carrier[] => all, inject: carriers },
    AudienceChecksService,
    AudiencesService,
    BeginningsService,
    CallsService,
    CarefulDriver,
    DefinitionsService,
    DeferredService,
    DriverService,
    DropsService,
    EarsService,
    EffectsService,
    ExpansionPages,
    ExpansionsService,
    HistoryService,
    QueueService,
    RunMeter,
    RunsService,
    SchedulesService,
    StartsService,
    StopsService,
    TimersService,
    WakingService,
  ],
  exports: [DefinitionsService, DriverService, EarsService, RunsService, StartsService],
})
export class WorkflowsModule {}
