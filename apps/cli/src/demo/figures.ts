import pg from 'pg';
import type { SuiteClient } from '../client/suite-client.js';
import type { Suite } from '../suite/suite.types.js';

/** What the programme brought, as REST tells it. */
export interface Figures {
  invited: number;
  accepted: number;
  reminded: number;
  shares: number;
  clicks: number;
  credibleClicks: number;
  points: number;
  badges: number;
  boards: number;
  /** Shares by ISO week, by its Monday: the dip after the launch shows here. */
  sharesByWeek: Record<string, number>;
  /** Sent mails by template. */
  mails: Record<string, number>;
}

interface Wave {
  invited: number;
  accepted: number;
}
interface Sent {
  template: string;
  state: string;
  count: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Asks the services over REST. */
export async function figuresOverRest({ content, engagement, notification }: SuiteClient): Promise<Figures> {
  const waves = await engagement.get<Wave[]>('/engagement/invitations/funnel');
  const { shares, clicks, credibleClicks } = await content.get<Figures>('/content/summary');
  const { points } = await engagement.get<{ points: number }>('/engagement/points/summary');
  const badges = await engagement.get<{ awards: number }[]>('/engagement/badges/summary');
  const boards = await engagement.get<unknown[]>('/engagement/boards/weekly-company/closings');
  const metrics = await engagement.get<{ metric: string; week: string; value: number }[]>(
    '/engagement/insights/metrics',
  );
  const weeks = metrics.filter(({ metric }) => metric === 'shares').map(({ week, value }) => [week, value]);
  const deliveries = await notification.get<Sent[]>('/notification/deliveries/summary');
  const sent = deliveries
    .filter(({ state }) => state === 'sent')
    .sort((a, b) => (a.template < b.template ? -1 : 1));
  const mails = await notification.get<Pick<Sent, 'template' | 'count'>[]>('/notification/deliveries/mails');
  return {
    invited: sum(waves.map((wave) => wave.invited)),
    accepted: sum(waves.map((wave) => wave.accepted)),
    reminded: sum(
      sent.filter(({ template }) => template.startsWith('invite-reminder')).map(({ count }) => count),
    ),
    shares,
    clicks,
    credibleClicks,
    points,
    badges: sum(badges.map(({ awards }) => awards)),
    boards: boards.length,
    sharesByWeek: Object.fromEntries(weeks) as Record<string, number>,
    mails: Object.fromEntries(mails.map(({ template, count }) => [template, count])),
  };
}

/** Counts the same in the ledgers, the deliveries and the mail catcher; returns every difference as a sentence. */
export async function differences(figures: Figures, suite: Suite): Promise<string[]> {
  const counted = {
    invited: await count(suite.databaseUrls.engagement, `SELECT count(*) FROM invitations`),
    accepted: await count(
      suite.databaseUrls.engagement,
      `SELECT count(*) FROM invitations WHERE accepted_at IS NOT NULL`,
    ),
    shares: await count(suite.databaseUrls.content, `SELECT count(*) FROM shares`),
    clicks: await count(suite.databaseUrls.content, `SELECT count(*) FROM clicks`),
    points: await count(suite.databaseUrls.engagement, `SELECT COALESCE(sum(points), 0) FROM ledger`),
    badges: await count(suite.databaseUrls.engagement, `SELECT count(*) FROM badge_awards`),
    boards: await count(
      suite.databaseUrls.engagement,
      `SELECT count(*) FROM board_closings WHERE board = 'weekly-company'`,
    ),
  };
  const told = Object.entries(counted).flatMap(([name, value]) =>
    differ(name, figures[name as keyof typeof counted], value),
  );
  const weekly = sum(Object.values(figures.sharesByWeek));
  const balances = await count(
    suite.databaseUrls.engagement,
    `SELECT COALESCE(sum(balance), 0) FROM balances`,
  );
  const activities = await count(
    suite.databaseUrls.engagement,
    `SELECT count(*) FROM activities WHERE type = 'link.clicked'`,
  );
  const intents = await count(
    suite.databaseUrls.engagement,
    `SELECT count(*) FROM intents WHERE kind IN ('send', 'ask', 'post')`,
  );
  const deliveries = await count(suite.databaseUrls.notification, `SELECT count(*) FROM deliveries`);
  return [
    ...told,
    ...differ('shares by week', figures.shares, weekly),
    ...differ('points in balances', figures.points, balances),
    ...differ('clicks in the activity log', figures.clicks, activities),
    ...differ('deliveries for intended mails', intents, deliveries),
    ...mailDifferences(figures, suite),
  ];
}

function mailDifferences({ mails }: Figures, { mail }: Suite): string[] {
  if (!mail) return [];
  const caught = new Map<string, number>();
  for (const { template } of mail.messages()) caught.set(template, (caught.get(template) ?? 0) + 1);
  return Object.entries(mails).flatMap(([template, sent]) =>
    differ(`mails "${template}" in the catcher`, sent, caught.get(template) ?? 0),
  );
}

const differ = (what: string, told: number, counted: number): string[] =>
  told === counted ? [] : [`${what}: ${told} told, ${counted} counted`];

async function count(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(sql);
    return Number(Object.values(rows[0]!)[0]);
  } finally {
    await client.end();
  }
}
