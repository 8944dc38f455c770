import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, Pollers, afterCommit } from '#libs/platform';
import { hasStarted, listensAnew } from './hearing.js';
import * as query from './hearing.query.js';
import { withoutGathered } from './taken.js';
import { earOf } from './turns.js';
import type { Moved, Turn } from './turns.js';

/** Longer than an event may be under way from one replica's hands to another's. */
const MEMORY_MS = 30 * 60_000;

/**
 * Sees to it that a run which begins to wait misses nothing: an event that another replica has taken a moment before, or that
 * stands in the same batch as the start, was kept, and is heard now.
 */
@Injectable()
export class EarsService implements OnModuleInit {
  private readonly noted = new Set<string>();
  private forgottenAt = 0;

  constructor(
    private readonly database: DataSource,
    private readonly pollers: Pollers,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'heard events', work: () => this.forget(), everyMs: 60_000 });
  }

  /** Notes what runs have taken, and returns what those that listen anew have missed. */
  async overheard(manager: EntityManager, moved: readonly Moved[]): Promise<Turn[]> {
    const taken = moved.flatMap(({ run, heard }) => heard.map((eventId) => ({ runId: run.id, eventId })));
    await query.noteHearings(manager, taken, this.clock.now());
    const anew = moved.filter(listensAnew);
    if (anew.length === 0) return [];
    await this.noteVersions(manager, anew);
    await query.lockEars(
      manager,
      anew.map(({ run }) => query.lockOf(run.awaits!.event, run.awaits!.on)),
    );
    const found = await query.findHeard(manager, anew.map(listenerOf));
    return turnsOf(anew, await withoutGathered(manager, anew, found));
  }

  /** What was kept for runs while they were paused, as their next turns. */
  async deferred(manager: EntityManager, runs: readonly Omit<Turn, 'input'>[]): Promise<Turn[]> {
    const kept = await query.takeDeferred(
      manager,
      runs.map(({ run }) => run.id),
    );
    return runs.flatMap((stored) => {
      const own = kept.filter(({ runId }) => runId === stored.run.id);
      const events = own.map(({ event, awaitEvent, awaitOn }) => ({
        event,
        ears: new Set([earOf({ event: awaitEvent, on: awaitOn })]),
      }));
      return events.length > 0 ? [{ ...stored, input: { type: 'heard', events } }] : [];
    });
  }

  private async noteVersions(manager: EntityManager, moved: readonly Moved[]): Promise<void> {
    const versions = new Map(
      moved.map(({ run: { workflowId, version } }) => [`${workflowId}@${version}`, { workflowId, version }]),
    );
    for (const key of this.noted) versions.delete(key);
    if (versions.size === 0) return;
    await query.noteListening(manager, [...versions.values()]);
    afterCommit(manager, () => versions.forEach((_version, key) => this.noted.add(key)));
  }

  private async forget(): Promise<number> {
    const now = this.clock.now().getTime();
    // Every move of a virtual clock wakes all pollers.
    if (Math.abs(now - this.forgottenAt) < MEMORY_MS / 2) return 0;
    await query.forgetHeard(this.database.manager, new Date(now - MEMORY_MS));
    // The rows behind them may be cleared away when nobody listens any more.
    this.noted.clear();
    this.forgottenAt = now;
    return 0;
  }
}

const listenerOf = ({ run, from }: Moved): query.Listener => ({
  runId: run.id,
  awaitEvent: run.awaits!.event,
  awaitOn: run.awaits!.on,
  from,
});

/** What started a run is no news to it. */
function turnsOf(anew: readonly Moved[], found: readonly query.Overheard[]): Turn[] {
  const byRun = new Map<string, query.Overheard[]>();
  for (const item of found) byRun.set(item.runId, [...(byRun.get(item.runId) ?? []), item]);
  return anew.flatMap((moved) => {
    const { run, triggeredAt, eventOf, from } = moved;
    const events = (byRun.get(run.id) ?? [])
      .filter(({ event }) => !hasStarted(event.id, moved))
      .map(({ event }) => ({ event, ears: new Set([earOf(run.awaits!)]) }));
    if (events.length === 0) return [];
    return [{ run, triggeredAt, eventOf: eventOf ?? null, from, input: { type: 'heard', events } as const }];
  });
}
