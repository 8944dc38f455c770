import type { Colleague } from './company.js';
import { Random } from './random.js';

/** What a colleague does on one day; instants are hours of that day in UTC, so that everybody is awake. */
export type Action =
  | { kind: 'accept'; who: number }
  | { kind: 'train'; who: number }
  | { kind: 'share'; who: number; network: string; visitors: number; bots: number; impressions: number };

/** Moments of a day at which people act, in hours UTC: London is at work, Kuala Lumpur still up. */
export const HOURS = [9.5, 13.25] as const;
export const DAYS = 60;
/** Days after the start on which each wave is invited. */
export const WAVE_DAYS = [0, 7, 14] as const;

/** Launch, habit, dip, and a little of it won back: weeks since the launch → share of the usual zeal. */
const mood = [1.1, 1.25, 1.1, 0.95, 0.7, 0.5, 0.5, 0.75, 0.8];

export interface Plan {
  /** By day (0 …) and then by index into HOURS. */
  readonly days: readonly (readonly Action[][])[];
}

/** What everybody will do in sixty days; the same seed gives the same plan. */
export function planDemo(people: readonly Colleague[], seed: number, monday: Date): Plan {
  const random = new Random(seed ^ 0x5eed);
  const days: Action[][][] = Array.from({ length: DAYS }, () => HOURS.map(() => []));
  people.forEach((person, who) => {
    const accepted = acceptDay(person, random);
    if (accepted === null || accepted >= DAYS) return;
    days[accepted]![0]!.push({ kind: 'accept', who });
    const training = accepted + random.between(1, 13);
    if (training < DAYS && random.chance(0.6)) days[training]![1]!.push({ kind: 'train', who });
    for (let day = accepted; day < DAYS; day++) shareOn(day, person, who, random, days, monday);
  });
  return { days };
}

/** Most come at once, some after the first or the last reminder, a few once their lead asks, some never. */
function acceptDay({ wave }: Colleague, random: Random): number | null {
  const invited = WAVE_DAYS[wave];
  const draw = random.next();
  if (draw < 0.45) return invited + random.between(0, 1);
  if (draw < 0.65) return invited + random.between(3, 5);
  if (draw < 0.77) return invited + random.between(8, 10);
  return draw < 0.87 ? invited + random.between(15, 18) : null;
}

function shareOn(
  day: number,
  person: Colleague,
  who: number,
  random: Random,
  days: Action[][][],
  monday: Date,
): void {
  const weekday = new Date(monday.getTime() + day * 86_400_000).getUTCDay();
  const holiday = weekday === 0 || weekday === 6;
  const perDay = (person.zeal * mood[Math.min(Math.floor(day / 7), mood.length - 1)]!) / (holiday ? 25 : 5);
  const shares = random.poisson(perDay);
  for (let index = 0; index < shares; index++) {
    const visitors = random.poisson(person.reach);
    days[day]![random.between(0, HOURS.length - 1)]!.push({
      kind: 'share',
      who,
      network: random.pick(['linkedin', 'linkedin', 'linkedin', 'x', 'facebook', 'whatsapp']),
      visitors,
      bots: random.chance(0.3) ? 1 : 0,
      impressions: visitors * random.between(25, 60) + random.between(10, 200),
    });
  }
}
