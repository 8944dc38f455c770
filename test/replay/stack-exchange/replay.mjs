import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Api } from '../../../dist/apps/cli/src/client/api.js';
import { newKey } from '../../../dist/libs/platform/src/index.js';
import { openStage } from '../../bench/engine/stage.mjs';
import { activitiesOf, isPerson } from './activities.mjs';
import { compare } from './comparison.mjs';
import { readTable } from './dump.mjs';

const programme = fileURLToPath(new URL('../../programmes/stack-exchange', import.meta.url));
const BATCH = 1_000;
/** Before any dump begins. */
const LONG_AGO = '2008-01-01T00:00:00Z';

/** Plays a dump through the engagement service and prints how its badges compare with the real ones. */
export async function replay(folder, { differences }) {
  const activities = await activitiesOf(folder);
  const key = newKey();
  const stage = await openStage({
    write: (target) => cp(programme, target, { recursive: true }),
    env: {
      NODE_ENV: 'development',
      LAUREL_CLOCK: 'virtual',
      LAUREL_CLOCK_START: LONG_AGO,
      LAUREL_FIRST_ADMIN_KEY: key,
    },
  });
  try {
    const api = new Api(stage.url, key);
    const people = await addPeople(stage, api, activities);
    await play(api, activities, people);
    await report(api, folder, people, differences);
    await api.close();
  } finally {
    await stage.close();
  }
}

/** Imports who does something; returns their ids by those of the dump. */
async function addPeople({ database }, api, activities) {
  const ids = [...new Set(activities.map(({ personId }) => personId))];
  for (let from = 0; from < ids.length; from += BATCH) {
    const lines = ids
      .slice(from, from + BATCH)
      .map((id) => `u${id}@stack-exchange.example,User ${id},UTC,${id}`);
    await api.send(
      '/engagement/people/import',
      'text/csv',
      ['email,name,zone,external_id', ...lines].join('\n'),
    );
  }
  const { rows } = await database.query('SELECT external_id, id FROM people');
  return new Map(rows.map(({ external_id: external, id }) => [external, id]));
}

/** Reports what happened, batch by batch, as the clock comes to it. */
async function play(api, activities, people) {
  for (let from = 0; from < activities.length; from += BATCH) {
    const batch = activities.slice(from, from + BATCH);
    await api.put('/clock', { now: batch.at(-1).occurredAt });
    await api.post(
      '/engagement/activities',
      batch.map((activity) => ({ ...activity, personId: people.get(activity.personId) })),
    );
    process.stderr.write(
      `\r  ${Math.min(from + BATCH, activities.length)} of ${activities.length} activities`,
    );
  }
  process.stderr.write('\n');
}

async function report(api, folder, people, differences) {
  const badges = await api.get('/engagement/badges');
  const given = (await readTable(folder, 'Badges', ['UserId', 'Name', 'Date', 'TagBased'])).filter(
    ({ UserId, TagBased }) => isPerson(UserId) && TagBased !== 'True',
  );
  const external = new Map([...people].map(([id, personId]) => [personId, id]));
  for (const { id, name } of badges) {
    const real = given
      .filter(({ Name }) => Name === name)
      .map(({ UserId, Date }) => ({ person: UserId, at: `${Date}Z` }));
    const awarded = (await awardsOf(api, id)).map(({ personId, earnedAt, cause }) => ({
      person: external.get(personId),
      at: earnedAt,
      cause,
    }));
    const { missing, extra, ...figures } = compare(real, awarded);
    say({ badge: name, ...figures });
    if (!differences) continue;
    for (const award of missing) say({ badge: name, only: 'real', ...award });
    for (const award of extra) say({ badge: name, only: 'awarded', ...award });
  }
}

const say = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function awardsOf(api, badge) {
  const awards = [];
  for (;;) {
    const after = awards.length > 0 ? `&after=${awards.at(-1).id}` : '';
    const page = await api.get(`/engagement/badges/${badge}/awards?limit=1000${after}`);
    awards.push(...page);
    if (page.length < 1_000) return awards;
  }
}
