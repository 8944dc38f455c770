import type { ProgrammeSettings } from '#libs/contracts';
import type { Files, Goal, InvitationPage, Programme, Reward, RewardBudget, Survey } from '#libs/programme';
import type {
  Badge,
  Board,
  Challenge,
  FairPlayCheck,
  League,
  Level,
  Metrics,
  RuleDefinition,
  Streak,
} from '#libs/scoring';
import type { Catalog } from '#libs/workflow';

/** The programme in force: its files and what they say. Version 0 is the folder the service was started with. */
export interface InForce {
  version: number;
  files: Files;
  programme: Programme;
}

/** The programme as data. Another one may be in force from one moment to the next: nobody keeps what is read here. */
export class ProgrammeService {
  constructor(private inForce: InForce) {}

  /** All that is in force, to go back to when what comes next cannot be taken whole. */
  get standing(): InForce {
    return this.inForce;
  }

  get version(): number {
    return this.inForce.version;
  }

  get files(): Files {
    return this.inForce.files;
  }

  get checked(): Programme {
    return this.inForce.programme;
  }

  get settings(): ProgrammeSettings {
    return this.checked.settings;
  }

  get metrics(): Metrics {
    return this.checked.metrics;
  }

  get rules(): RuleDefinition[] {
    return this.checked.rules;
  }

  get fairPlay(): FairPlayCheck[] {
    return this.checked.fairPlay;
  }

  get badges(): Badge[] {
    return this.checked.badges;
  }

  get boards(): Board[] {
    return this.checked.boards;
  }

  get rewards(): Reward[] {
    return this.checked.rewards;
  }

  get surveys(): Survey[] {
    return this.checked.surveys;
  }

  get goals(): Goal[] {
    return this.checked.goals;
  }

  get streaks(): Streak[] {
    return this.checked.streaks;
  }

  get rewardBudgets(): RewardBudget[] {
    return this.checked.rewardBudgets;
  }

  get leagues(): League[] {
    return this.checked.leagues;
  }

  get challenges(): Challenge[] {
    return this.checked.challenges;
  }

  get levels(): Level[] {
    return this.checked.levels;
  }

  /** Words of the acceptance page by language. */
  get pages(): ReadonlyMap<string, InvitationPage> {
    return this.checked.pages;
  }

  /** Ids of the mail templates; the notification service owns what is in them. */
  get templates(): ReadonlySet<string> {
    return this.checked.templates;
  }

  /** Types of activities that the programme declares, or that rules and metrics listen to. */
  get activityTypes(): ReadonlySet<string> {
    return this.checked.activityTypes;
  }

  /** What workflows may name. */
  get catalog(): Catalog {
    return this.checked.catalog;
  }

  /** Puts another programme in force. */
  use(next: InForce): void {
    this.inForce = next;
  }
}
