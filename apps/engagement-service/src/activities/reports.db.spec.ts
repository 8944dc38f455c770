import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { addPerson, useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

let service: TestService;
useEngagement((stage) => ({ service } = stage));

const report = (body: unknown, trace = '1'.repeat(32)) =>
  service.call('POST', '/engagement/activities', body, {
    headers: { traceparent: `00-${trace}-${'2'.repeat(16)}-01` },
  });
const training = (personId: string, id = newId()) => ({ id, type: 'training.attended', personId });

describe('reports that come at once', () => {
  it('are answered each for itself: a stranger in one keeps no other from being recorded', async () => {
    const person = await addPerson(service, 'together@reports.test');
    const one = training(person);
    const answers = await Promise.all([
      report([training(person)]),
      report([training(person), training(newId())]),
      report([one, training(person)]),
      report([one]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 200, 200]);
    expect(answers[1]!.body.errors).toMatchObject([{ path: '1.personId' }]);
    const recorded = answers.flatMap(({ status, body }) => (status === 200 ? [body.recorded] : []));
    expect(recorded.reduce((sum, count) => sum + count, 0)).toBe(3);
    const rows = await service.query(`SELECT FROM activities WHERE person_id = $1`, [person]);
    expect(rows).toHaveLength(3);
  });

  it('keep their own traces, whichever they are recorded with', async () => {
    const traces = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
    const people = await Promise.all(traces.map((trace) => addPerson(service, `${trace}@reports.test`)));
    await Promise.all(people.map((person, index) => report([training(person)], traces[index])));
    for (const [index, person] of people.entries()) {
      const told = await service.query<{ trace: string }>(
        `SELECT envelope::jsonb->>'traceparent' AS trace FROM outbox
         WHERE envelope::jsonb->>'type' IN ('activity.recorded', 'points.awarded') AND envelope LIKE '%' || $1 || '%'`,
        [person],
      );
      expect(told.map(({ trace }) => trace.split('-')[1])).toEqual([traces[index], traces[index]]);
    }
  });
});
