import { describe, expect, it } from '@jest/globals';
import { useEngagement } from '../../../../test/support/engagement.js';
import type { TestService } from '../../../../test/support/service.js';

let service: TestService;

useEngagement((stage) => ({ service } = stage));

const importCsv = (csv: string) =>
  service.call('POST', '/engagement/people/import', csv, { type: 'text/csv' });

const told = async (type: string): Promise<{ personId: string; change?: string }[]> =>
  (
    await service.query<{ envelope: string }>(`SELECT envelope FROM outbox WHERE subject = $1 ORDER BY seq`, [
      `laurel.evt.${type}`,
    ])
  ).map(({ envelope }) => JSON.parse(envelope).data);

describe('importing people from a CSV', () => {
  it('takes over the good rows and lists the bad ones with their lines', async () => {
    const { status, body } = await importCsv(
      [
        'email,name,zone,team,lead,external_id',
        'ada@csv.test,Ada,Europe/Rome,Research,,E1',
        'bob@csv.test,Bob,Europe/Atlantis,Research,,E2',
        'not-an-address,Cy,Europe/Rome,,,',
        '',
        'dan@csv.test,"Dan, the man",Europe/London,Sales,ada@csv.test,E4',
        'ada@csv.test,Ada again,Europe/Rome,,,',
        'eve@csv.test,Eve,Europe/Rome,Sales,nobody@csv.test,',
        'fay@csv.test,Fay,Europe/Rome,Sales,,E1',
        'gus@csv.test,Gus',
      ].join('\n'),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 2, updated: 0 });
    expect(
      body.rejected.map(({ line, errors }: { line: number; errors: string[] }) => [line, errors[0]]),
    ).toEqual([
      [3, expect.stringMatching(/^zone: is not an IANA time zone/)],
      [4, expect.stringMatching(/^email: /)],
      [7, 'email: already on line 2'],
      [8, expect.stringMatching(/^lead: nobody has the e-mail/)],
      [9, 'externalId: "E1" belongs to another person'],
      [10, expect.stringMatching(/^2 fields where the header has 6/)],
    ]);
    const [dan] = (await service.call('GET', '/engagement/people?email=DAN@csv.test')).body;
    const [ada] = (await service.call('GET', '/engagement/people?email=ada@csv.test')).body;
    expect(dan).toMatchObject({ name: 'Dan, the man', leadId: ada.id });
  });

  it('updates who is known, and tells of everybody without names or addresses', async () => {
    const { body } = await importCsv('email;name;zone\nada@csv.test;Ada L.;Europe/London');
    expect(body).toEqual({ created: 0, updated: 1, rejected: [] });
    const changes = await told('person.changed');
    expect(changes.map(({ change }) => change)).toEqual(['created', 'created', 'updated']);
    expect(JSON.stringify(changes)).not.toMatch(/csv\.test|Ada|Dan/);
  });

  it.each([
    ['an unknown column', 'email,name,zone,salary\na@b.test,A,Europe/Rome,1', 1, /unknown column "salary"/],
    ['an empty file', '', 1, /the file is empty/],
    [
      'a quote that is never closed',
      'email,name,zone\nok@b.test,Ok,Europe/Rome\na@b.test,"A,Europe/Rome\n',
      3,
      /quote/i,
    ],
  ])('says what is wrong with %s', async (_what, csv, line, message) => {
    const { status, body } = await importCsv(csv || '\n');
    expect(status).toBe(200);
    expect(body).toMatchObject({ rejected: [{ line, errors: [expect.stringMatching(message)] }] });
  });

  it('gets two imports of the same people through at once, whatever their order', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `p${i}@race.test,P${i},Europe/Rome`);
    const [head, ...files] = ['email,name,zone', rows, rows.toReversed(), rows] as [string, ...string[][]];
    const answers = await Promise.all(files.map((lines) => importCsv([head, ...lines].join('\n'))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.reduce((sum, { body }) => sum + body.created, 0)).toBe(300);
  });
});

describe('a second import', () => {
  it('leaves alone what the file does not speak of, and clears what it empties', async () => {
    await importCsv(
      'email,name,zone,locale,team,seniority,lead\nlea@part.test,Lea,Europe/Rome,it,Sales,lead,',
    );
    await importCsv(
      'email,name,zone,locale,team,seniority,lead\npia@part.test,Pia,Europe/Rome,it,Sales,executive,lea@part.test',
    );
    await importCsv('email,name,zone\npia@part.test,Pia P,Europe/Warsaw');
    const pia = async () => (await service.call('GET', '/engagement/people?email=pia@part.test')).body[0];
    expect(await pia()).toMatchObject({
      name: 'Pia P',
      zone: 'Europe/Warsaw',
      locale: 'it',
      team: 'Sales',
      seniority: 'executive',
      leadId: expect.any(String),
    });
    await importCsv('email,name,zone,team,lead,seniority\npia@part.test,Pia P,Europe/Warsaw,,,');
    expect(await pia()).toMatchObject({ team: null, leadId: null, seniority: 'executive' });
  });
});
