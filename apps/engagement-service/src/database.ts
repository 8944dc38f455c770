import {
  Messaging1760000000000,
  MessagingDecisions1760000000200,
  MessagingPending1760000000300,
  MessagingSpeed1760000000100,
} from '#libs/messaging';
import type { DatabaseParts } from '#libs/platform';
import { ApiKey } from './access/api-key.entity.js';
import { People1760000001000 } from './migrations/1760000001000-people.js';
import { Scoring1760000002000 } from './migrations/1760000002000-scoring.js';
import { Workflows1760000003000 } from './migrations/1760000003000-workflows.js';
import { Recognition1760000005000 } from './migrations/1760000005000-recognition.js';
import { Steering1760000008000 } from './migrations/1760000008000-steering.js';
import { Simulation1760000009000 } from './migrations/1760000009000-simulation.js';
import { WorkflowsSpeed1760000004000 } from './migrations/1760000004000-workflows-speed.js';
import { Engine1760000006000 } from './migrations/1760000006000-engine.js';
import { Hearings1760000010000 } from './migrations/1760000010000-hearings.js';
import { Mends1760000011000 } from './migrations/1760000011000-mends.js';
import { Objects1760000012000 } from './migrations/1760000012000-objects.js';
import { Scores1760000013000 } from './migrations/1760000013000-scores.js';
import { Rescorings1760000014000 } from './migrations/1760000014000-rescorings.js';
import { Streaks1760000018000 } from './migrations/1760000018000-streaks.js';
import { Badges1760000019000 } from './migrations/1760000019000-badges.js';
import { Credentials1760000020000 } from './migrations/1760000020000-credentials.js';
import { Boards1760000021000 } from './migrations/1760000021000-boards.js';
import { Leagues1760000022000 } from './migrations/1760000022000-leagues.js';
import { Challenges1760000023000 } from './migrations/1760000023000-challenges.js';
import { Rewards1760000023500 } from './migrations/1760000023500-rewards.js';
import { RewardLeases1760000023700 } from './migrations/1760000023700-reward-leases.js';
import { RewardCancellations1760000023900 } from './migrations/1760000023900-reward-cancellations.js';
import { DoubtedActivities1760000023800 } from './migrations/1760000023800-doubted-activities.js';
import { Programme1760000007000 } from './migrations/1760000007000-programme.js';
import { Points1760000015000 } from './migrations/1760000015000-points.js';
import { Ledger1760000016000 } from './migrations/1760000016000-ledger.js';
import { Person } from './people/person.entity.js';

/** Entities and migrations of the engagement service. */
export const database: DatabaseParts = {
  entities: [ApiKey, Person],
  migrations: [
    Messaging1760000000000,
    MessagingSpeed1760000000100,
    MessagingDecisions1760000000200,
    MessagingPending1760000000300,
    People1760000001000,
    Scoring1760000002000,
    Workflows1760000003000,
    WorkflowsSpeed1760000004000,
    Recognition1760000005000,
    Engine1760000006000,
    Programme1760000007000,
    Steering1760000008000,
    Simulation1760000009000,
    Hearings1760000010000,
    Mends1760000011000,
    Objects1760000012000,
    Scores1760000013000,
    Rescorings1760000014000,
    Points1760000015000,
    Ledger1760000016000,
    Streaks1760000018000,
    Badges1760000019000,
    Credentials1760000020000,
    Boards1760000021000,
    Leagues1760000022000,
    Challenges1760000023000,
    Rewards1760000023500,
    RewardLeases1760000023700,
    RewardCancellations1760000023900,
    DoubtedActivities1760000023800,
  ],
};
