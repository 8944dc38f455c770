import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { localDate } from '#libs/calendar';
import { Clock } from '#libs/platform';
import { TIERS, conditionsOf, objectBadgesOf, periodOfDay, standingOf, stepsOf } from '#libs/scoring';
import type { Badge } from '#libs/scoring';
import { PeopleService } from '../people/people.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { calendarOf } from '../streaks/calendars.js';
import { readAbsences, readRuns } from '../streaks/streaks.query.js';
import { awardsOf } from './badges.query.js';
import * as query from './progress.query.js';

/** How far a person is on the way to a badge. */
export interface BadgeProgress {
  badge: string;
  name: string;
  description: string;
  earned: boolean;
  /** The highest tier that was earned; null for a badge without tiers, or when none was. */
  tier: string | null;
  nextTier: string | null;
  /** How far and of how much, now; null where nothing is counted. */
  value: number | null;
  of: number | null;
  /** `7 of 10`; what there is to say where nothing is counted. */
  words: string;
}

type Counted = Pick<BadgeProgress, 'value' | 'of'>;

/** What is there to know of a person before progress can be told. */
interface Standing {
  held: Map<string, Set<string>>;
  windows: Map<string, number>;
  objects: Awaited<ReturnType<typeof query.readBestObjects>>;
  streaks: Map<string, number>;
}

/** How far people are on the way to their badges. */
@Injectable()
export class ProgressService {
  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly people: PeopleService,
    private readonly clock: Clock,
  ) {}

  /** Every badge of the programme that can be earned by doing something. Throws `person_unknown`. */
  async ofPerson(personId: string): Promise<BadgeProgress[]> {
    const { zone } = await this.people.get(personId);
    const today = localDate(this.clock.now().getTime(), zone);
    const badges = this.programme.badges.filter(({ when }) => when !== undefined);
    const standing: Standing = {
      held: await this.heldBy(personId),
      windows: await this.windows(personId, badges, today),
      objects: await query.readBestObjects(this.database.manager, personId, objectsAsked(badges)),
      streaks: await this.streaks(personId, today),
    };
    return badges.map((badge) => progressOf(badge, standing));
  }

  private async heldBy(personId: string): Promise<Standing['held']> {
    const held = new Map<string, Set<string>>();
    for (const { badge, tier } of await awardsOf(this.database.manager, personId))
      held.set(badge, (held.get(badge) ?? new Set()).add(tier ?? ''));
    return held;
  }

  private async windows(
    personId: string,
    badges: readonly Badge[],
    today: string,
  ): Promise<Standing['windows']> {
    const asked = badges.flatMap(({ id, when }) =>
      when?.metric === undefined || when.of
        ? []
        : [{ id, metric: when.metric, ...periodOfDay(when.per ?? 'all_time', today) }],
    );
    const values = await query.readWindows(this.database.manager, personId, asked);
    return new Map(asked.map(({ id }, index) => [id, values[index]!]));
  }

  private async streaks(personId: string, today: string): Promise<Standing['streaks']> {
    const { streaks, settings } = this.programme;
    const [absences] = streaks.length > 0 ? await readAbsences(this.database.manager, [personId]) : [];
    if (!absences) return new Map();
    const runs = await readRuns(this.database.manager, personId);
    return new Map(
      streaks.map(({ id, every }) => {
        const own = runs.filter(({ streak }) => streak === id);
        return [id, standingOf(every, own, today, calendarOf(absences, id, settings)).current];
      }),
    );
  }
}

const objectsAsked = (badges: readonly Badge[]): query.ObjectAsked[] =>
  objectBadgesOf(badges).flatMap(({ id: badge, when }) =>
    conditionsOf(when).map((condition) => ({ badge, of: when.of, ...condition })),
  );

function progressOf(badge: Badge, standing: Standing): BadgeProgress {
  const { id, name, description, when } = badge;
  const tiers = standing.held.get(id) ?? new Set<string>();
  const next = stepsOf(when!).find(({ tier }) => !tiers.has(tier ?? ''));
  const counted = countedOf(badge, standing, next?.reaches ?? stepsOf(when!).at(-1)?.reaches ?? 0);
  return {
    badge: id,
    name,
    description,
    earned: tiers.size > 0,
    tier: TIERS.findLast((tier) => tiers.has(tier)) ?? null,
    nextTier: next?.tier ?? null,
    ...counted,
    words: counted.of === null ? '' : `${counted.value} of ${counted.of}`,
  };
}

function countedOf({ id, when }: Badge, { held, windows, objects, streaks }: Standing, of: number): Counted {
  const upTo = (value: number): Counted => ({ value: Math.max(0, Math.min(round(value), of)), of });
  if (when!.badges) {
    const parts = [...new Set(when!.badges)];
    return { value: parts.filter((part) => held.has(part)).length, of: parts.length };
  }
  if (when!.streak !== undefined) return upTo(streaks.get(when!.streak) ?? 0);
  if (!when!.of) return upTo(windows.get(id) ?? 0);
  const values = objects.get(id)?.values ?? {};
  if (!when!.all) return upTo(values[when!.metric!] ?? 0);
  const met = when!.all.filter(({ metric, reaches }) => (values[metric] ?? 0) >= reaches);
  return { value: met.length, of: when!.all.length };
}

/** Earned media value is money, and its sums have tails of binary fractions. */
const round = (value: number): number => Math.round(value * 100) / 100;
