import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';
import { readHistory } from './history.query.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

describe('reading the past by pages', () => {
  it('tells each event once, also those between two milliseconds', async () => {
    const person = await addPerson(service, 'past@history.test');
    await service.query(
      `INSERT INTO activities (id, type, person_id, occurred_at, day, data)
       SELECT gen_random_uuid(), 'training.attended', $1, timestamptz '2026-02-01 09:00:00.000400Z' + n * interval '200 microseconds',
         '2026-02-01', '{}' FROM generate_series(1, 25) n`,
      [person],
    );
    const wanted = { activities: ['training.attended'], kept: [] };
    const until = new Date('2026-03-01T00:00:00Z');
    const seen: string[] = [];
    let cursor = { at: '2026-02-01T00:00:00Z', id: '' };
    for (let pages = 0; pages < 20; pages++) {
      const page = await readHistory(service.app.get(DataSource).manager, wanted, cursor, until, 4);
      seen.push(...page.map(({ id }) => id));
      cursor = page.at(-1)?.cursor ?? cursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
  });
});
