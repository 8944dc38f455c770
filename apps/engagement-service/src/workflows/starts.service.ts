import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { stableId } from '#libs/platform';
import { newRun, startsOn, stopsOn, stopsRun } from '#libs/workflow';
import type { Start, WorkflowEvent } from '#libs/workflow';
import { DefinitionsService } from './definitions.service.js';
import type { Version } from './definitions.service.js';
import { DriverService } from './driver.service.js';
import { ExpansionsService } from './expansions.service.js';
import { firstInput, stoppedBefore, writeMarks } from './marks.query.js';
import * as query from './runs.query.js';
import type { StopAsk, StoredRun } from './runs.query.js';

/** An event with its id, which makes the ids of the runs it starts. */
export interface Incoming extends WorkflowEvent {
  id: string;
}

interface Stopping extends StopAsk {
  incoming: Incoming;
}

interface Started extends Start {
  version: Version;
  incoming: Incoming;
}

/** Lets events start and stop runs, a batch at a time. */
@Injectable()
export class StartsService {
  constructor(
    private readonly definitions: DefinitionsService,
    private readonly driver: DriverService,
    private readonly expansions: ExpansionsService,
  ) {}

  /** Whether an event of this type can start or stop anything, as far as the workflows in force go. */
  concerns(type: string): boolean {
    return this.definitions.listening(type).length > 0;
  }

  /**
   * Stops are marked first, so that one which arrives before the start it is meant for stops it too;
   * then they end what is running, so that a later start finds its key free; then runs start.
   */
  async take(manager: EntityManager, events: readonly Incoming[]): Promise<void> {
    const inOrder = [...events].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
    const stops = inOrder.flatMap((incoming) => this.stopsBy(incoming));
    if (stops.length > 0) {
      await writeMarks(manager, stops);
      await this.stop(manager, stops);
    }
    await this.start(
      manager,
      inOrder.flatMap((incoming) => this.startsBy(incoming)),
    );
  }

  private stopsBy(incoming: Incoming): Stopping[] {
    return this.definitions.listening(incoming.type).flatMap(({ workflowId, definition }) =>
      stopsOn(definition, incoming).map((stop) => ({
        ...stop,
        workflowId,
        at: incoming.occurredAt,
        incoming,
      })),
    );
  }

  private startsBy(incoming: Incoming): Started[] {
    return this.definitions
      .listening(incoming.type)
      .flatMap((version) =>
        startsOn(version.definition, incoming).starts.map((start) => ({ ...start, version, incoming })),
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
    if (single.length > 0) await this.startRuns(manager, single.map(runOf));
  }

  /** Starts the runs (a living key keeps its first), unless a stop came before. */
  async startRuns(manager: EntityManager, runs: readonly StoredRun[]): Promise<void> {
    const stopped = await stoppedBefore(
      manager,
      runs.filter(({ run }) => isStoppable(this.definitions.find(run.workflowId))),
    );
    const turns = runs.map((stored) => ({ ...stored, input: firstInput(stored, stopped) }));
    if (turns.length > 0) await this.driver.start(manager, turns);
  }

  private async stop(manager: EntityManager, stops: readonly Stopping[]): Promise<void> {
    const running = await query.lockStopped(manager, stops);
    const turns = running.flatMap((stored) => {
      const stop = stops.find(
        (item) => item.workflowId === stored.run.workflowId && stopsRun(item, stored.run),
      );
      return stop ? [{ ...stored, input: { type: 'event', event: stop.incoming } as const }] : [];
    });
    if (turns.length > 0) await this.driver.move(manager, turns);
  }
}

function runOf({ version, incoming, key, personId, event, trigger }: Started): StoredRun {
  const id = stableId('run', version.workflowId, String(trigger), incoming.id);
  const { workflowId } = version;
  return {
    run: newRun({
      id,
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

const isStoppable = ({ definition }: Version): boolean => definition.stopWhen.length > 0;
