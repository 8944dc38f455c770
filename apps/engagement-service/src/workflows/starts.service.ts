import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import { newRun, startsOn, stopsOn, stopsRun } from '#libs/workflow';
import type { Start } from '#libs/workflow';
import { PROGRAMME, holdEvents, lockClosed, readClosed } from '../steering/gate.query.js';
import { BeginningsService } from './beginnings.service.js';
import { CarefulDriver } from './careful.service.js';
import { isId } from './carriers/carrier.js';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { ExpansionsService } from './expansions.service.js';
import { writeMarks } from './marks.query.js';
import * as query from './runs.query.js';
import type { StopAsk, StoredRun } from './runs.query.js';
import { leftOver, untaken } from './taken.js';
import type { Incoming } from './turns.js';
import { WakingService } from './waking.service.js';

interface Stopping extends StopAsk {
  incoming: Incoming;
}

/** A start with the version and the event it comes of. */
export interface Started extends Start {
  version: Version;
  incoming: Incoming;
}

/** Lets events stop, wake and start runs, a batch at a time. */
@Injectable()
export class StartsService {
  constructor(
    private readonly definitions: DefinitionsService,
    private readonly driver: CarefulDriver,
    private readonly beginnings: BeginningsService,
    private readonly waking: WakingService,
    private readonly expansions: ExpansionsService,
  ) {}

  /** Whether an event of this type can start, wake or stop anything. */
  concerns(type: string): boolean {
    const { definitions } = this;
    return (
      definitions.listening(type).length > 0 ||
      definitions.stopping(type).length > 0 ||
      this.waking.concerns(type)
    );
  }

  /** What is stopped takes no part; its events are kept for it until it is resumed. */
  async take(manager: EntityManager, events: readonly Incoming[]): Promise<void> {
    const { all, workflows } = await lockClosed(manager);
    if (all) return holdEvents(manager, PROGRAMME, events);
    await this.takeOpen(manager, events, workflows);
  }

  /** What was kept for a workflow, or for the whole programme, which goes on now. */
  async takeHeld(manager: EntityManager, scope: string, events: readonly Incoming[]): Promise<void> {
    if (scope !== PROGRAMME) return this.takeFor(manager, events, (id) => id === scope);
    const { workflows } = await readClosed(manager);
    await this.takeOpen(manager, events, workflows);
  }

  private async takeOpen(
    manager: EntityManager,
    events: readonly Incoming[],
    closed: readonly string[],
  ): Promise<void> {
    for (const workflowId of closed)
      await holdEvents(
        manager,
        workflowId,
        events.filter(({ type }) => this.mayConcern(workflowId, type)),
      );
    await this.takeFor(manager, events, (id) => !closed.includes(id));
  }

  /** Older versions are not told apart: too much that is kept does no harm. */
  private mayConcern(workflowId: string, type: string): boolean {
    const concerned = [...this.definitions.listening(type), ...this.definitions.stopping(type)];
    return concerned.some((version) => version.workflowId === workflowId) || this.waking.concerns(type);
  }

  /**
   * Stops are marked first, so that one which arrives before the start it is meant for stops it too;
   * then they end what is running, so that a later start finds its key free; then waiting runs hear, and at last runs start, which
   * hear what of the batch comes after their start.
   */
  private async takeFor(
    manager: EntityManager,
    events: readonly Incoming[],
    isMeant: (workflowId: string) => boolean,
  ): Promise<void> {
    const inOrder = [...events].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
    const stops = inOrder
      .flatMap((incoming) => this.stopsBy(incoming))
      .filter(({ workflowId }) => isMeant(workflowId));
    if (stops.length > 0) {
      await writeMarks(manager, stops);
      await this.stop(manager, stops);
    }
    const starts = inOrder
      .flatMap((incoming) => this.startsBy(incoming))
      .filter(({ version }) => isMeant(version.workflowId));
    await this.waking.wake(manager, inOrder, starts, isMeant);
    await this.start(manager, await untaken(manager, starts));
  }

  private stopsBy(incoming: Incoming): Stopping[] {
    return this.definitions.stopping(incoming.type).flatMap(({ workflowId, definition }) =>
      stopsOn(definition, incoming).map((stop) => ({
        ...stop,
        workflowId,
        at: incoming.occurredAt,
        incoming,
      })),
    );
  }

  private startsBy(incoming: Incoming): Started[] {
    const versions = incoming.version ? [incoming.version] : this.definitions.listening(incoming.type);
    return versions.flatMap((version) =>
      startsOn(version.definition, incoming).starts.map((start) => ({
        ...start,
        // What comes from outside may name anybody, in any form.
        personId: isId(start.personId) ? start.personId : null,
        version,
        incoming,
      })),
    );
  }

  private async start(manager: EntityManager, starts: readonly Started[]): Promise<void> {
    const single = starts.filter(({ version }) => version.definition.audience === null);
    for (const { version, incoming, key, event } of starts) {
      const { audience } = version.definition;
      if (audience === null) continue;
      const id = stableId('firing', version.workflowId, incoming.id);
      await this.expansions.openAudience(manager, {
        id,
        version,
        audience,
        key,
        event,
        zone: null,
        triggeredAt: incoming.occurredAt,
      });
    }
    await this.begin(manager, single);
  }

  /** What has filled up the run that kept others out leaves these to the next one: they are tried again until none is left over. */
  private async begin(manager: EntityManager, starts: readonly Started[]): Promise<void> {
    for (let left = starts; left.length > 0;) {
      const refused = await this.driver.begin(manager, left.map(runOf), (inner, runs) =>
        this.beginnings.begin(inner, runs),
      );
      left = await leftOver(
        manager,
        left.filter((start) => refused.has(idOf(start))),
      );
    }
  }

  private async stop(manager: EntityManager, stops: readonly Stopping[]): Promise<void> {
    const running = await query.lockStopped(manager, stops);
    const turns = running.flatMap((stored) => {
      const stop = stops.find(
        (item) => item.workflowId === stored.run.workflowId && stopsRun(item, stored.run),
      );
      return stop ? [{ ...stored, input: { type: 'event', event: stop.incoming } as const }] : [];
    });
    await this.driver.move(manager, turns);
  }
}

const idOf = ({ version, trigger, incoming }: Started): string =>
  stableId('run', version.workflowId, String(trigger), incoming.id);

function runOf(started: Started): StoredRun {
  const { version, incoming, key, personId, event } = started;
  const { workflowId } = version;
  return {
    run: newRun({
      id: idOf(started),
      workflowId,
      version: version.version,
      key,
      personId,
      event,
      triggeredAt: incoming.occurredAt,
    }),
    triggeredAt: incoming.occurredAt,
  };
}
