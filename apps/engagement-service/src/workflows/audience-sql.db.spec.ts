import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { audienceSql, compileExpression } from '#libs/expression';
import type { PersonAttributes, SqlOptions } from '#libs/expression';
import { testRun } from '../../../../test/support/run.js';

type Row = PersonAttributes & { shares: number; clicks: number };

const PREVIOUS = { shares: 0, clicks: 0, reach: 0, emv: 0 };
const COLUMNS: Record<string, { sql: string; type: 'text' | 'bool' }> = {
  id: { sql: 'p.id', type: 'text' },
  team: { sql: 'p.team', type: 'text' },
  seniority: { sql: 'p.seniority', type: 'text' },
  joinedOn: { sql: 'p.joined_on::text', type: 'text' },
  lead: { sql: 'p.lead', type: 'text' },
  active: { sql: 'p.active', type: 'bool' },
  'consents.mail': { sql: 'p.mail', type: 'bool' },
};
const VALUES = { event: { team: 'Sales', least: 3, nothing: null }, inputs: { flag: true, limit: 2.5 } };

const OPTIONS: SqlOptions = {
  column: (field) => COLUMNS[field] ?? null,
  metric: (name, window, parameter) =>
    `SELECT COALESCE(sum(m.value), 0) FROM sql_metrics m WHERE m.person_id = p.id AND m.name = ${parameter(name, 'text')} AND m.window_name = ${parameter(window, 'text')}`,
  values: VALUES,
};

const TEAMS = [null, 'Sales', 'sales', 'Ärzte', '', "O'Neil", 'Sales "x" \\ $1', 'zebra 🦓', '\uffee'];
const DATES = [null, '2024-12-31', '2025-01-01', '2026-06-30'];

function people(): Row[] {
  let count = 0;
  return TEAMS.flatMap((team) =>
    DATES.map((joinedOn): Row => {
      const n = count++;
      return {
        id: `p${n}`,
        team,
        seniority: n % 3 === 0 ? null : n % 3 === 1 ? 'executive' : 'Sales',
        joinedOn,
        lead: n % 4 === 0 ? null : `p${n - 1}`,
        active: n % 5 !== 0,
        participant: true,
        consents: { ranking: true, mail: n % 2 === 0 },
        shares: n % 6,
        clicks: n % 3,
      };
    }),
  );
}

const TEXT = fc.constantFrom(
  'person.team',
  'person.seniority',
  'person.lead',
  'person.id',
  'person.joinedOn',
  'event.team',
);
const LITERAL = fc.constantFrom(
  '"Sales"',
  '""',
  '"executive"',
  '"2025-01-01"',
  '"O\'Neil"',
  '"Ä"',
  '"p1"',
  'null',
);
const NUMBER = fc.constantFrom(
  'person.metric("shares", "today")',
  'metric("clicks", "today")',
  'event.least',
  'inputs.limit',
  '0',
  '2.5',
);
const ORDER = fc.constantFrom('<', '<=', '>', '>=');
const EQUAL = fc.constantFrom('==', '!=');
const LEAF = fc.oneof(
  fc.constantFrom('person.active', 'person.consents.mail', 'true', 'false', 'inputs.flag'),
  fc.tuple(TEXT, EQUAL, fc.oneof(LITERAL, TEXT)).map((part) => part.join(' ')),
  fc
    .tuple(TEXT, ORDER, fc.constantFrom('"2025-01-01"', '"Sales"', '"Z"', '""'))
    .map((part) => part.join(' ')),
  fc.tuple(NUMBER, fc.oneof(ORDER, EQUAL), NUMBER).map((part) => part.join(' ')),
  fc
    .tuple(
      TEXT,
      fc.constantFrom('startsWith', 'endsWith', 'contains'),
      fc.constantFrom('""', '"S"', '"es"', '"🦓"'),
    )
    .map(([text, call, part]) => `${text}.${call}(${part})`),
  TEXT.map((text) => `${text} in ["Sales", "executive", "p2"]`),
  TEXT.map((text) => `${text} == event.nothing`),
  fc.constantFrom(
    'person.active == person.consents.mail',
    'person.active != true',
    'metric("shares", "today") in [1, 2]',
  ),
);
const { condition: CONDITION } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    LEAF,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
  ),
}));

describe('a condition on people in SQL', () => {
  const rows = people();
  let client: pg.Client;

  beforeAll(async () => {
    client = new pg.Client({ connectionString: testRun().databaseUrl });
    await client.connect();
    await client.query(
      `CREATE TEMP TABLE sql_people (id text, team text, seniority text, joined_on date, lead text, active boolean, mail boolean)`,
    );
    await client.query(
      `CREATE TEMP TABLE sql_metrics (person_id text, name text, window_name text, value numeric)`,
    );
    await client.query(
      `INSERT INTO sql_people SELECT id, team, seniority, "joinedOn", lead, active, (consents ->> 'mail')::boolean
       FROM jsonb_to_recordset($1::jsonb) AS r(id text, team text, seniority text, "joinedOn" date, lead text, active boolean, consents jsonb)`,
      [JSON.stringify(rows)],
    );
    for (const name of ['shares', 'clicks'] as const)
      await client.query(
        `INSERT INTO sql_metrics SELECT id, $2, 'today', value FROM jsonb_to_recordset($1::jsonb) AS r(id text, value numeric)`,
        [JSON.stringify(rows.map((row) => ({ id: row.id, value: row[name] }))), name],
      );
  });

  afterAll(async () => {
    await client.end();
  });

  async function inSql(source: string): Promise<string[] | null> {
    const sql = audienceSql(source, OPTIONS);
    if (sql === null) return null;
    const { rows: found } = await client.query<{ id: string }>(
      `SELECT p.id FROM sql_people p WHERE ${sql.condition}`,
      sql.parameters,
    );
    return found.map(({ id }) => id).sort();
  }

  function inMemory(source: string): string[] {
    const compiled = compileExpression(source, 'audience', { expects: 'bool' });
    if (!compiled.ok) throw new Error(`${source}: ${compiled.error.message}`);
    const facts = {
      metric: (id: string, name: string) => rows.find((row) => row.id === id)?.[name as 'shares'] ?? 0,
      impact: () => ({ ...PREVIOUS, previous: PREVIOUS }),
    };
    const belongs = (person: Row) => {
      const answer = compiled.expression.evaluate({ person, ...VALUES }, facts);
      return answer.ok && answer.value === true;
    };
    return rows
      .filter(belongs)
      .map(({ id }) => id)
      .sort();
  }

  it('is true for exactly the people for whom the expression is', async () => {
    let translated = 0;
    await fc.assert(
      fc.asyncProperty(CONDITION, async (source) => {
        if (!compileExpression(source, 'audience', { expects: 'bool' }).ok) return;
        const found = await inSql(source);
        if (found === null) return;
        translated++;
        expect(found).toEqual(inMemory(source));
      }),
      { numRuns: 1_000 },
    );
    expect(translated).toBeGreaterThan(500);
  });

  it.each([
    'person.active && person.consents.mail',
    'person.team == "Sales" && person.metric("shares", "today") > 2',
    'person.team != null && !(person.seniority in ["executive"])',
    'person.joinedOn < "2025-06-01" || person.lead == null',
    'person.active && person.team == event.team',
  ])('%s is translated, and finds somebody but not everybody', async (source) => {
    const found = await inSql(source);
    expect(found).toEqual(inMemory(source));
    expect(found?.length).toBeGreaterThan(0);
    expect(found?.length).toBeLessThan(rows.length);
  });

  it.each([
    'person.attributes.floor == 3',
    'size(person.team) > 3',
    'person.team == 3',
    'person.team < person.seniority',
    'event.unknown == 1',
    'impact(person.id, "today").clicks > 1',
    'person.zone == "Europe/Rome"',
    'person.team',
    'no such thing',
  ])('%s is left to evaluation', (source) => {
    expect(audienceSql(source, OPTIONS)).toBeNull();
  });

  it('counts its parameters after those of the statement', () => {
    const sql = audienceSql('person.team == "Sales" && person.active', { ...OPTIONS, offset: 3 });
    expect(sql).toEqual({
      condition: '((p.team IS NOT DISTINCT FROM $4::text) AND p.active)',
      parameters: ['Sales'],
    });
  });
});
