import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, Pollers, stableId } from '#libs/platform';
import type { Poller } from '#libs/platform';
import { openStretches } from '#libs/scoring';
import type { Challenge, Stretch } from '#libs/scoring';
import { readChanges } from '../boards/changes.query.js';
import type { ScoreChange } from '../boards/changes.query.js';
import { MomentsService } from '../boards/moments.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './challenges.query.js';
import type { Finish, Part } from './challenges.query.js';

/** A period of a challenge that still counts. */
interface Open {
  challenge: Challenge;
  stretch: Stretch;
}

/**
 * Follows the changes of scores, each exactly once, and notes and tells who comes to a target. What comes within the grace counts; who
 * has finished stays finished.
 */
@Injectable()
export class ChallengesService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly programme: ProgrammeService,
    private readonly moments: MomentsService,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'challenges', work: () => this.work(), everyMs: 1_000 });
    this.moments.onMoved(() => this.poller.hint());
  }

  /** Everything in one snapshot: a new period is counted as it stood when the changes before were taken in. */
  private work(): Promise<number> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const follower = await query.takeFollower(manager);
      if (!follower) return 0;
      const { horizon, changes } = await readChanges(manager, follower.horizon, follower.seen);
      const begun = await this.follow(manager, changes);
      const seen = new Set([...follower.seen, ...idsSince(changes, horizon)]);
      if (changes.length > 0 || begun > 0 || follower.horizon === null)
        await query.moveFollower(manager, horizon, [...seen]);
      return changes.length + begun;
    });
  }

  private async follow(manager: EntityManager, changes: readonly ScoreChange[]): Promise<number> {
    const now = this.clock.now();
    const known = await query.knownPeriods(manager);
    const open = this.programme.challenges.flatMap((challenge) =>
      openStretches(challenge, now.getTime()).map((stretch) => ({ challenge, stretch })),
    );
    const isKept = ({ challenge, stretch }: Open): boolean =>
      isDeepStrictEqual(known.get(`${challenge.id}|${stretch.key}`), JSON.parse(JSON.stringify(challenge)));
    const fresh = open.filter((one) => !isKept(one));
    for (const one of open.filter(isKept)) await this.add(manager, one, changes, now);
    for (const { challenge, stretch } of fresh) await query.beginPeriod(manager, challenge, stretch, now);
    for (const { challenge, stretch } of fresh)
      await this.finish(manager, challenge, stretch, { subjects: null, now });
    return fresh.length;
  }

  private async add(
    manager: EntityManager,
    { challenge, stretch }: Open,
    changes: readonly ScoreChange[],
    now: Date,
  ): Promise<void> {
    const parts = partsOf(challenge, stretch, changes);
    if (parts.length === 0) return;
    const subjects = await query.addParts(manager, challenge, stretch.key, { parts, now });
    if (subjects.length > 0) await this.finish(manager, challenge, stretch, { subjects, now });
  }

  private async finish(
    manager: EntityManager,
    challenge: Challenge,
    { key }: Stretch,
    who: Parameters<typeof query.noteFinishes>[3],
  ): Promise<void> {
    const finishes = await query.noteFinishes(manager, challenge, key, who);
    const events = finishes.map((finish) =>
      event('challenge.finished', toldOf(challenge, finish), {
        id: stableId('challenge.finished', finish.id),
      }),
    );
    if (events.length > 0) await this.outbox.add(manager, events);
  }
}

/** Those a later look would find again, as their transaction is not before the horizon. */
const idsSince = (changes: readonly ScoreChange[], horizon: string): number[] =>
  changes.filter(({ xid }) => BigInt(xid) >= BigInt(horizon)).map(({ id }) => id);

function partsOf(challenge: Challenge, stretch: Stretch, changes: readonly ScoreChange[]): Part[] {
  const sums = new Map<string, number>();
  for (const change of changes) {
    if (change.metric !== challenge.metric) continue;
    change.personIds.forEach((personId, index) => {
      if (isWithin(stretch, change, index))
        sums.set(personId, (sums.get(personId) ?? 0) + change.amounts[index]!);
    });
  }
  return [...sums].flatMap(([personId, amount]) => (amount === 0 ? [] : [{ personId, amount }]));
}

function isWithin({ start, end, from, to }: Stretch, { days, ats }: ScoreChange, index: number): boolean {
  if (days) return days[index]! >= from && days[index]! < to;
  const at = ats[index]!.getTime();
  return at >= start && at < end;
}

const toldOf = (
  { id, name, kind, target }: Challenge,
  { id: finishId, periodKey, subject, value }: Finish,
) => ({
  finishId,
  challenge: id,
  challengeName: name,
  kind,
  periodKey,
  target,
  value,
  ...(kind === 'personal' ? { personId: subject } : {}),
  ...(kind === 'team' ? { team: subject } : {}),
});
