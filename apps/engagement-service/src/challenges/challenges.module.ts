import { Module } from '@nestjs/common';
import { BadgesModule } from '../badges/badges.module.js';
import { MomentsModule } from '../boards/moments.module.js';
import { ScoringModule } from '../scoring/scoring.module.js';
import { ChallengeRewardsService } from './challenge-rewards.service.js';
import { ChallengeStandingsService } from './challenge-standings.service.js';
import { ChallengesController } from './challenges.controller.js';
import { ChallengesService } from './challenges.service.js';

/** Challenges. */
@Module({
  imports: [BadgesModule, MomentsModule, ScoringModule],
  controllers: [ChallengesController],
  providers: [ChallengeRewardsService, ChallengeStandingsService, ChallengesService],
})
export class ChallengesModule {}
