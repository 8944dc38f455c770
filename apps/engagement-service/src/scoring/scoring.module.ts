import { Module } from '@nestjs/common';
import { BadgesModule } from '../badges/badges.module.js';
import { MomentsModule } from '../boards/moments.module.js';
import { LevelsModule } from '../levels/levels.module.js';
import { PeopleModule } from '../people/people.module.js';
import { StreaksModule } from '../streaks/streaks.module.js';
import { FairPlayService } from '../fair-play/fair-play.service.js';
import { DoubtsConsumer } from './doubts.consumer.js';
import { DoubtsService } from './doubts.service.js';
import { HoldsController } from './holds.controller.js';
import { HoldsService } from './holds.service.js';
import { ExplanationController } from './explanation.controller.js';
import { ExplanationService } from './explanation.service.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { PointsController } from './points.controller.js';
import { RescoringController } from './rescoring.controller.js';
import { RescoringService } from './rescoring.service.js';
import { RulesService } from './rules.service.js';
import { ScoringService } from './scoring.service.js';
import { Watches } from './watches.js';

/** Metrics, rules and the points ledger. */
@Module({
  imports: [BadgesModule, LevelsModule, MomentsModule, StreaksModule, PeopleModule],
  controllers: [
    DoubtsConsumer,
    ExplanationController,
    HoldsController,
    MetricsController,
    PointsController,
    RescoringController,
  ],
  providers: [
    DoubtsService,
    ExplanationService,
    FairPlayService,
    HoldsService,
    MetricsService,
    RescoringService,
    RulesService,
    ScoringService,
    Watches,
  ],
  exports: [HoldsService, RulesService, ScoringService, Watches],
})
export class ScoringModule {}
