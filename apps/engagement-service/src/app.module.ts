import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule } from '#libs/messaging';
import { PlatformModule } from '#libs/platform';
import { AccessModule } from './access/access.module.js';
import { ActivitiesModule } from './activities/activities.module.js';
import { AuditModule } from './audit/audit.module.js';
import { BoardsModule } from './boards/boards.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { ChallengesModule } from './challenges/challenges.module.js';
import { database } from './database.js';
import type { Env } from './env.js';
import { GoalsModule } from './goals/goals.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { LeaguesModule } from './leagues/leagues.module.js';
import { PeopleModule } from './people/people.module.js';
import { ProgrammeModule } from './programme/programme.module.js';
import { PublishingModule } from './programme/publishing.module.js';
import { RewardsModule } from './rewards/rewards.module.js';
import { SimulationsModule } from './simulation/simulations.module.js';
import { SteeringModule } from './steering/steering.module.js';
import { SurveysModule } from './surveys/surveys.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

/** The engagement service: people, activities, scoring, badges, boards, workflows. */
@Module({})
export class AppModule {
  static forEnv(env: Env): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService('engagement-service', env, database),
        MessagingModule.forService('engagement', env),
        ProgrammeModule,
        AuditModule,
        AccessModule,
        PeopleModule,
        InvitationsModule,
        ActivitiesModule,
        CredentialsModule,
        BoardsModule,
        LedgerModule,
        ChallengesModule,
        LeaguesModule,
        RewardsModule,
        SurveysModule,
        GoalsModule,
        WorkflowsModule,
        PublishingModule,
        SimulationsModule,
        SteeringModule,
      ],
    };
  }
}
