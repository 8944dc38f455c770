import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { compileExpression } from '#libs/expression';
import type { Need } from '#libs/expression';
import { isInfrastructure } from '#libs/messaging';
import { Clock, afterCommit, stableId } from '#libs/platform';
import { audienceKey, branchRun, inAudience, newRun } from '#libs/workflow';
import type { PersonFacts, Run } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { pageOfPeople } from './audience.query.js';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import * as query from './expansions.query.js';
import type { Expansion } from './expansions.query.js';
import { firstInput, stoppedBefore } from './marks.query.js';
import { failRun, insertRuns, lockRuns } from './runs.query.js';
import type { StoredRun } from './runs.query.js';

const PAGE = 500;

/** What a firing of a workflow with an audience needs to fan out. */
export interface AudienceFiring {
  id: string;
  version: Version;
  audience: string;
  key: string | null;
  event: Record<string, unknown>;
  /** Only people of this zone, for schedules in the recipient's zone. */
  zone: string | null;
  triggeredAt: number;
}

/** Fans out to many people in checkpointed pages: one transaction per page, no run row where nothing waits. */
@Injectable()
export class ExpansionsService {
  private wake: () => void = () => undefined;
  private readonly hint = (): void => this.wake();

  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly driver: DriverService,
    private readonly facts: FactsService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  onWork(wake: () => void): void {
    this.wake = wake;
  }

  /** Queues the fan-out of a workflow's own audience; the same firing is queued once. */
  async openAudience(manager: EntityManager, firing: AudienceFiring): Promise<void> {
    const { id, version, audience, key, event, zone, triggeredAt } = firing;
    await manager.query(
      `INSERT INTO expansions (id, workflow_id, version, state, audience, zone, key, event, triggered_at, created_at)
       VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      [
        id,
        version.workflowId,
        version.version,
        audience,
        zone,
        key,
        JSON.stringify(event),
        new Date(triggeredAt),
        this.clock.now(),
      ],
    );
    afterCommit(manager, this.hint);
  }

  /** Works one page off, or lets runs go on whose branches have ended; returns how much was done. */
  async work(): Promise<number> {
    let current: Expansion | null = null;
    try {
      return await this.database.transaction(async (manager) => {
        current = await query.claimOpen(manager);
        return current ? this.workPage(manager, current) : this.settleEnded(manager);
      });
    } catch (error) {
      if (!current || isInfrastructure(error)) throw error;
      return this.giveUp(current, (error as Error).message);
    }
  }

  /** A fan-out whose page cannot be stored must not hold up the others: it ends, and its run fails with the reason. */
  private async giveUp(expansion: Expansion, message: string): Promise<number> {
    return this.database.transaction(async (manager) => {
      if (expansion.runId)
        await failRun(manager, expansion.runId, `could not go on: ${message}`, this.clock.now());
      return this.abandon(manager, expansion);
    });
  }

  private async workPage(manager: EntityManager, expansion: Expansion): Promise<number> {
    const version = await this.definitions.at(manager, expansion.workflowId, expansion.version);
    const parent = expansion.runId === null ? null : (await lockRuns(manager, [expansion.runId]))[0]!;
    if (parent && parent.run.status !== 'expanding') return this.abandon(manager, expansion);
    if (expansion.items) return this.workItems(manager, expansion, version, parent!);
    const page = { after: expansion.cursor, zone: expansion.zone, limit: PAGE };
    const people = await pageOfPeople(manager, page, this.programme.settings);
    const matched = await this.match(manager, version, expansion, people, parent);
    await this.start(manager, version, expansion, matched, parent);
    const ended = people.length < PAGE;
    const state = ended ? (parent ? 'expanded' : 'settled') : 'open';
    const cursor = people.at(-1)?.id ?? expansion.cursor;
    await query.checkpoint(manager, expansion.id, {
      cursor,
      seen: people.length,
      matched: matched.length,
      state,
    });
    return 1;
  }

  private async workItems(
    manager: EntityManager,
    expansion: Expansion,
    { definition }: Version,
    parent: StoredRun,
  ): Promise<number> {
    const branches = expansion.items!.map(({ key, item }) =>
      branchRun(definition, parent.run, expansion.stepId!, key, item, null),
    );
    await this.driver.startBranches(
      manager,
      branches.map((run) => ({ run, triggeredAt: parent.triggeredAt })),
    );
    const count = branches.length;
    await query.checkpoint(manager, expansion.id, {
      cursor: null,
      seen: count,
      matched: count,
      state: 'expanded',
    });
    return 1;
  }

  /** The run was stopped or cancelled meanwhile. */
  private async abandon(manager: EntityManager, expansion: Expansion): Promise<number> {
    await query.checkpoint(manager, expansion.id, {
      cursor: expansion.cursor,
      seen: 0,
      matched: 0,
      state: 'settled',
    });
    return 1;
  }

  /** Who of a page belongs to the audience; somebody about whom it cannot be told does not. */
  private async match(
    manager: EntityManager,
    { definition }: Version,
    expansion: Expansion,
    people: readonly PersonFacts[],
    parent: StoredRun | null,
  ): Promise<PersonFacts[]> {
    const names = parent?.run.branch?.names ?? {};
    const event = parent?.run.event ?? expansion.event;
    const whose = people.map(({ id, calendar }) => ({ id, zone: calendar.zone }));
    const facts = await this.facts.read(
      manager,
      needsOfAudience(expansion.audience!, names),
      whose,
      this.clock.now(),
    );
    return people.filter((person) => {
      const answer = inAudience(definition, expansion.audience!, { person, event, facts, names });
      return answer.ok && answer.value === true;
    });
  }

  private async start(
    manager: EntityManager,
    version: Version,
    expansion: Expansion,
    people: readonly PersonFacts[],
    parent: StoredRun | null,
  ): Promise<void> {
    if (people.length === 0) return;
    if (parent) {
      const branches = people.map(({ id }) =>
        branchRun(version.definition, parent.run, expansion.stepId!, id, id, id),
      );
      return this.driver.startBranches(
        manager,
        branches.map((run) => ({ run, triggeredAt: parent.triggeredAt })),
      );
    }
    const runs = people.map(({ id }) => ({
      run: rootOf(expansion, id),
      triggeredAt: expansion.triggeredAt.getTime(),
    }));
    const inserted = await insertRuns(manager, runs);
    const fresh = runs.filter(({ run }) => inserted.has(run.id));
    const stopped =
      version.definition.stopWhen.length > 0 ? await stoppedBefore(manager, fresh) : new Set<string>();
    await this.driver.move(
      manager,
      fresh.map((stored) => ({ ...stored, input: firstInput(stored, stopped) })),
    );
  }

  private async settleEnded(manager: EntityManager): Promise<number> {
    const settled = await query.claimSettled(manager, PAGE);
    if (settled.length === 0) return 0;
    await query.settle(
      manager,
      settled.map(({ id }) => id),
    );
    const steps = new Map(settled.map(({ runId, stepId }) => [runId, stepId]));
    const runs = await lockRuns(manager, [...steps.keys()]);
    await this.driver.move(
      manager,
      runs.map((stored) => ({
        ...stored,
        input: { type: 'effectSettled', stepId: steps.get(stored.run.id)! },
      })),
    );
    return settled.length;
  }
}

function rootOf({ id, workflowId, version, key, event }: Expansion, personId: string): Run {
  return newRun({
    id: stableId('run', id, personId),
    workflowId,
    version,
    key: audienceKey(key, personId),
    personId,
    event,
  });
}

function needsOfAudience(audience: string, names: Record<string, unknown>): readonly Need[] {
  const compiled = compileExpression(audience, 'audience', { names: Object.keys(names) });
  return compiled.ok ? compiled.expression.needs : [];
}
