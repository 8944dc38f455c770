import type { SuiteClient } from '../client/suite-client.js';
import type { Suite } from '../suite/suite.types.js';
import { HOURS, WAVE_DAYS, planDemo } from './behaviour.js';
import { asCsv, sampleCompany } from './company.js';
import type { FeedServer } from './feeds.js';
import { Player } from './player.js';
import type { Progress } from './progress.js';

/** A Monday; sixty days from here see eight weekly boards and two first days of a month. */
export const BEGIN = new Date('2026-01-12T06:00:00Z');
const WAVE_NAMES = ['pilot', 'early', 'everybody'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Stage {
  readonly suite: Suite;
  readonly client: SuiteClient;
  readonly feeds: FeedServer;
  readonly seed: number;
  /** How many of the sixty days to play. */
  readonly days: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Plays sixty days of a programme against a fresh suite. */
export async function playDemo(stage: Stage): Promise<Player> {
  const { client, feeds, seed, days, progress, suite, signal } = stage;
  const people = sampleCompany(seed);
  await client.engagement.send('/engagement/people/import', 'text/csv', asCsv(people));
  for (const { name, url, category, language } of feeds.feeds) {
    const { id } = await client.content.post<{ id: string }>('/content/sources', {
      name,
      url,
      category,
      language,
      everyHours: 24,
    });
    await client.content.post(`/content/sources/${id}/import`, {});
  }
  const player = new Player(client, people, (email) => acceptPath(suite, email));
  await player.meet();
  const plan = planDemo(people, seed, BEGIN);
  for (let day = 0; day < days; day++) {
    signal.throwIfAborted();
    await playDay(stage, player, day, plan.days[day]!);
    await client.clock.quiet();
    progress.at(day + 1, client.clock.now, player.tally, suite.mail?.messages().length ?? 0);
  }
  await client.clock.advanceTo(new Date(BEGIN.getTime() + days * DAY_MS));
  return player;
}

type Day = ReturnType<typeof planDemo>['days'][number];

async function playDay({ client }: Stage, player: Player, day: number, moments: Day): Promise<void> {
  const midnight = BEGIN.getTime() - (BEGIN.getTime() % DAY_MS) + day * DAY_MS;
  const wave = WAVE_DAYS.findIndex((first) => first === day);
  if (wave >= 0) {
    await client.clock.advanceTo(new Date(midnight + 8 * HOUR_MS));
    await player.invite(wave, WAVE_NAMES[wave]!);
  }
  for (const [index, hour] of HOURS.entries()) {
    await client.clock.advanceTo(new Date(midnight + hour * HOUR_MS));
    if (index === 0) await player.lookAtLibrary();
    if (index === 1) await player.report(day);
    await player.act(day, moments[index]!);
  }
}

/** The link an employee finds in the newest invitation or reminder. */
async function acceptPath({ mail }: Suite, email: string): Promise<string> {
  const letter = mail
    ?.search({ to: email })
    .find(({ template }) => template.startsWith('invite') && template !== 'invite-escalation');
  const text = letter && (await mail?.read(letter.id))?.text;
  const url = text?.match(/https?:\/\/\S+\/i\/[\w.-]+/)?.[0];
  if (!url) throw new Error(`No invitation with a link has reached ${email}.`);
  return new URL(url).pathname;
}
