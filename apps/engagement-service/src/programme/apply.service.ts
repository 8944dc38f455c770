import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { filesDifference, isNothing } from '#libs/programme';
import { Audit, whoWords } from '../audit/audit.service.js';
import { RulesService } from '../scoring/rules.service.js';
import { DefinitionsService } from '../workflows/definitions.service.js';
import { FollowerService } from './follower.service.js';
import { MovesService } from './moves.service.js';
import type { MoveCounts } from './moves.query.js';
import type { Way, Waiting } from './policy.js';
import { PlanService, holdToCap } from './plan.service.js';
import type { Candidate, Plan, WorkflowChange } from './plan.service.js';
import * as query from './programme.query.js';

/** How a candidate is applied. */
export interface How {
  who: Caller;
  action: string;
  what: string;
  /** What becomes of the waiting runs of each workflow. */
  waiting: (id: string) => Waiting;
  /** How many people may be written to at once because runs are moved. */
  cap: number;
  /** Whether the files are kept as the programme even when they are those of the folder. */
  adopt: boolean;
}

/** What was done to a workflow. */
export interface AppliedChange extends Pick<WorkflowChange, 'id' | 'name' | 'change' | 'lines'> {
  version: number;
  /** How many waiting runs went which way; null: all keep their version. `finished` false: the rest follows by itself. */
  runs: (MoveCounts & { finished: boolean }) | null;
}

/** What an application came to. */
export interface Applied {
  version: number;
  nothing: boolean;
  files: Plan['files'];
  workflows: AppliedChange[];
  warnings: string[];
}

/** Puts a candidate in force: everything in one transaction, or nothing. Applying it again does nothing. */
@Injectable()
export class ApplyService {
  constructor(
    private readonly database: DataSource,
    private readonly plans: PlanService,
    private readonly definitions: DefinitionsService,
    private readonly rules: RulesService,
    private readonly moves: MovesService,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly follower: FollowerService,
    private readonly clock: Clock,
  ) {}

  async apply(candidate: Candidate, how: How): Promise<Applied> {
    const planned = await this.plans.plan(candidate);
    holdToCap(planned, how.waiting, how.cap);
    const done = await this.database.transaction((manager) =>
      this.put(manager, candidate, planned.plan, how),
    );
    await this.follower.follow();
    const settled = await this.moves.settled([...done.moves.values()]);
    const { files, warnings, workflows } = planned.plan;
    const told = workflows.map(({ id, name, change, lines, to }): AppliedChange => ({
      id,
      name,
      change,
      lines,
      version: to,
      runs: settled.get(done.moves.get(id) ?? '') ?? null,
    }));
    return { version: done.version, nothing: done.nothing, files, workflows: told, warnings };
  }

  private async put(
    manager: EntityManager,
    candidate: Candidate,
    plan: Plan,
    how: How,
  ): Promise<{ version: number; nothing: boolean; moves: ReadonlyMap<string, string> }> {
    await query.lockProgramme(manager);
    const stored = await query.newest(manager);
    if ((stored?.version ?? 0) !== candidate.base) throw overtaken();
    const keepFiles = stored
      ? !isNothing(filesDifference(stored.files, candidate.files))
      : how.adopt || !isNothing(plan.files);
    if (!keepFiles && plan.nothing) return { version: candidate.base, nothing: true, moves: new Map() };
    const version = keepFiles ? await this.keep(manager, candidate, how) : candidate.base;
    await this.publish(manager, candidate, plan, how);
    const { rules, settings } = candidate.programme;
    await this.rules.publish(manager, rules);
    await this.rules.changeBudgets(manager, rules, settings);
    await this.note(manager, candidate, { ...plan, version }, how);
    return { version, nothing: false, moves: await this.openMoves(manager, plan, how) };
  }

  private async keep(manager: EntityManager, { base, files }: Candidate, { who }: How): Promise<number> {
    const version = base + 1;
    await query.insertVersion(manager, {
      version,
      files,
      appliedAt: this.clock.now(),
      appliedBy: whoWords(who),
    });
    await this.outbox.add(manager, [event('programme.applied', { version })]);
    return version;
  }

  private async publish(
    manager: EntityManager,
    { programme, backTo }: Candidate,
    plan: Plan,
    { who }: How,
  ): Promise<void> {
    const workflows = programme.workflows.map((workflow) => {
      const earlier = backTo[workflow.definition.id];
      return earlier === undefined ? workflow : { ...workflow, backTo: earlier };
    });
    const published = { now: this.clock.now(), by: whoWords(who) };
    const { versions } = await this.definitions.publish(manager, workflows, published);
    const planned = plan.workflows.filter(({ change }) => change !== 'off');
    const asPlanned = planned.every(({ id, to }) =>
      versions.some(({ workflowId, version }) => workflowId === id && version === to),
    );
    if (!asPlanned) throw overtaken();
  }

  private async note(manager: EntityManager, { base }: Candidate, plan: Plan, how: How): Promise<void> {
    const { who, action, what } = how;
    const { added, changed, removed } = plan.files;
    const before = { programme: base, workflows: versionsOf(plan, 'from') };
    const files = { added, changed: changed.map(({ path }) => path), removed };
    const waiting = Object.fromEntries(plan.workflows.map(({ id }) => [id, how.waiting(id)]));
    const after = {
      programme: plan.version,
      workflows: versionsOf(plan, 'to'),
      files,
      waiting,
      cap: how.cap,
    };
    await this.audit.note(manager, { who, action, what, before, after });
  }

  private async openMoves(manager: EntityManager, plan: Plan, how: How): Promise<Map<string, string>> {
    const moves = new Map<string, string>();
    for (const { id, change, to } of plan.workflows) {
      if (change === 'new' || change === 'on') continue;
      const reason = change === 'off' ? 'the workflow was switched off' : `version ${to} was published`;
      const ask = { workflowId: id, version: change === 'off' ? null : to, waiting: how.waiting(id), reason };
      const move = await this.moves.open(manager, ask);
      if (move !== null) moves.set(id, move);
    }
    return moves;
  }
}

const versionsOf = ({ workflows }: Plan, which: 'from' | 'to'): Record<string, number | 'off' | null> =>
  Object.fromEntries(
    workflows.map((item) => [item.id, which === 'to' && item.change === 'off' ? 'off' : item[which]]),
  );

const overtaken = (): DomainError =>
  new DomainError(
    'programme_overtaken',
    409,
    'Somebody else has applied or published something meanwhile. Nothing was changed; look at the plan again.',
  );

/** One way for every workflow; moving is only for those that have a new version. */
export const everyWorkflow =
  (way: Way): How['waiting'] =>
  () =>
    way;
