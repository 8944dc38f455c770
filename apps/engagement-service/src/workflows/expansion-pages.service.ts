import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { compileExpression } from '#libs/expression';
import type { Need } from '#libs/expression';
import { Clock, stableId } from '#libs/platform';
import { audienceKey, branchRun, inAudience, newRun } from '#libs/workflow';
import type { PersonFacts, Run } from '#libs/workflow';
import { FactsService } from '../insights/facts.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { pageOfPeople } from './audience.query.js';
import { BeginningsService } from './beginnings.service.js';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import * as query from './expansions.query.js';
import type { Expansion } from './expansions.query.js';
import { lockRuns } from './runs.query.js';
import type { StoredRun } from './runs.query.js';
import { shareEvent } from './runs-store.query.js';

/** Works fan-outs off, a page of people or a list of items at a time, and notes how far it has come. */
@Injectable()
export class ExpansionPages {
  constructor(
    private readonly definitions: DefinitionsService,
    private readonly driver: DriverService,
    private readonly beginnings: BeginningsService,
    private readonly facts: FactsService,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  /** One page of at most `limit` people, in the caller's transaction. */
  async work(manager: EntityManager, expansion: Expansion, limit: number): Promise<void> {
    const version = await this.definitions.at(manager, expansion.workflowId, expansion.version);
    const parent = expansion.runId === null ? null : (await lockRuns(manager, [expansion.runId]))[0]!;
    if (parent && parent.run.status !== 'expanding') return query.abandon(manager, expansion);
    if (expansion.items) return this.workItems(manager, expansion, version, parent!);
    const people = await this.page(manager, expansion, limit);
    const matched = await this.match(manager, version, expansion, people, parent);
    await this.start(manager, version, expansion, matched, parent);
    await query.checkpoint(manager, expansion.id, {
      cursor: people.at(-1)?.id ?? expansion.cursor,
      seen: people.length,
      matched: matched.length,
      state: people.length < limit ? (parent ? 'expanded' : 'settled') : 'open',
    });
  }

  /** Who comes next. */
  page(manager: EntityManager, expansion: Expansion, limit: number): Promise<PersonFacts[]> {
    return pageOfPeople(
      manager,
      { after: expansion.cursor, zone: expansion.zone, limit },
      this.programme.settings,
      this.clock.now(),
    );
  }

  private async workItems(
    manager: EntityManager,
    expansion: Expansion,
    { definition }: Version,
    parent: StoredRun,
  ): Promise<void> {
    const branches = expansion.items!.map(({ key, item }) =>
      branchRun(definition, parent.run, expansion.stepId!, key, item, null),
    );
    await this.driver.startBranches(
      manager,
      branches.map((run) => branchOf(run, parent)),
    );
    const count = branches.length;
    const progress = { cursor: null, seen: count, matched: count, state: 'expanded' } as const;
    await query.checkpoint(manager, expansion.id, progress);
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
        branches.map((run) => branchOf(run, parent)),
      );
    }
    await shareEvent(manager, expansion.id, expansion.event);
    const runs = people.map(({ id }) => ({
      run: rootOf(expansion, id),
      triggeredAt: expansion.triggeredAt.getTime(),
      eventOf: expansion.id,
    }));
    await this.beginnings.begin(manager, runs);
  }
}

/** Branches share the event of their root, which lies once for all of them. */
const branchOf = (run: Run, { run: parent, triggeredAt, eventOf }: StoredRun): StoredRun => ({
  run,
  triggeredAt,
  eventOf: eventOf ?? parent.rootId,
});

/** In the recipient's zone one local time is one run a person, whatever zones they pass through that day. */
function rootOf(expansion: Expansion, personId: string): Run {
  const { id, workflowId, version, key, event, zone, triggeredAt } = expansion;
  return newRun({
    id: zone === null ? stableId('run', id, personId) : stableId('run', workflowId, key ?? '', personId),
    workflowId,
    version,
    key: audienceKey(key, personId),
    personId,
    event,
    triggeredAt: triggeredAt.getTime(),
  });
}

function needsOfAudience(audience: string, names: Record<string, unknown>): readonly Need[] {
  const compiled = compileExpression(audience, 'audience', { names: Object.keys(names) });
  return compiled.ok ? compiled.expression.needs : [];
}
