import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/platform';
import { Library } from '../library/library.support.js';

let library: Library;
let [seller, finance, pole]: string[] = [];
beforeAll(async () => {
  library = await Library.start();
  seller = await library.person({
    team: 'Sales',
    department: 'Business',
    location: 'Rome',
    locale: 'it-IT',
    seniority: 'manager',
  });
  finance = await library.person({ team: 'Finance', department: 'Business', location: 'London' });
  pole = await library.person({ team: 'Sales', location: 'Warsaw', locale: 'pl' });
  await library.person({ team: 'Sales', active: false });
});
afterAll(() => library.stop());

const audience = async (id: string) => (await library.call('GET', `/posts/${id}/audience`)).body;
const why = async (id: string, person: string) =>
  (await library.call('GET', `/posts/${id}/audience/${person}`)).body;
const feed = async (person: string): Promise<string[]> =>
  (await library.call('GET', `/people/${person}/posts?limit=200`)).body.map(({ id }: { id: string }) => id);

describe('a post', () => {
  it('for nobody in particular is seen by all who take part', async () => {
    expect(await audience(await library.postId())).toMatchObject({
      people: 3,
      see: 3,
      criteria: [{ criterion: 'language', people: 3 }],
    });
  });

  it.each([
    ['a team', { teams: ['Sales'] }, 2],
    ['one of several teams', { teams: ['Sales', 'Finance'] }, 3],
    ['a department', { departments: ['Business'] }, 2],
    ['a location', { locations: ['Rome', 'Paris'] }, 1],
    ['a seniority', { seniorities: ['manager'] }, 1],
    ['a language', { languages: ['pl'] }, 1],
    ['several criteria at once', { teams: ['Sales'], locations: ['Warsaw'] }, 1],
    ['a condition', { audience: 'person.team == "Sales" && person.location != "Rome"' }, 1],
    ['a condition and a list', { audience: 'person.department != null', teams: ['Finance'] }, 1],
    ['nobody there is', { teams: ['Nowhere'] }, 0],
  ])('for %s is seen by just these', async (_what, target, people) => {
    const id = await library.postId({ target });
    const { see, sample } = await audience(id);
    expect([see, sample.length]).toEqual([people, people]);
    const feeds = await Promise.all([seller!, finance!, pole!].map(feed));
    expect(feeds.filter((ids) => ids.includes(id))).toHaveLength(people);
    for (const person of [seller!, finance!, pole!])
      expect((await why(id, person)).sees).toBe(sample.includes(person));
  });

  it('says of each criterion how many meet it', async () => {
    const id = await library.postId({ target: { teams: ['Sales'], locations: ['Rome', 'London'] } });
    expect((await audience(id)).criteria).toEqual([
      { criterion: 'language', people: 3 },
      { criterion: 'teams', people: 2 },
      { criterion: 'locations', people: 2 },
    ]);
  });

  it('says to one person why not, in words', async () => {
    const id = await library.postId({ target: { teams: ['Sales', 'Legal'], interests: ['green'] } });
    const { sees, reasons } = await why(id, finance!);
    expect(sees).toBe(false);
    expect(reasons).toEqual([
      { criterion: 'status', holds: true, words: 'The post is published.' },
      { criterion: 'active', holds: true, words: 'The person takes part.' },
      { criterion: 'language', holds: true, words: 'The post is in en; the person reads en.' },
      {
        criterion: 'teams',
        holds: false,
        words: "The team is to be one of Sales, Legal; the person's is Finance.",
      },
      {
        criterion: 'interests',
        holds: false,
        words: "The followed topic is to be one of green; the person's is unknown.",
      },
    ]);
  });

  it('in another language is shown to those who read it; one in the first language to everybody', async () => {
    const italian = await library.postId({ language: 'it' });
    const english = await library.postId();
    const both = await library.postId({
      language: 'it',
      texts: [{ network: 'x', language: 'pl', text: 'Rzeka' }],
    });
    const seen = async (person: string) => {
      const ids = await feed(person);
      return [italian, english, both].map((id) => ids.includes(id));
    };
    expect([await seen(seller!), await seen(pole!), await seen(finance!)]).toEqual([
      [true, true, true],
      [false, true, true],
      [false, true, false],
    ]);
    expect((await why(italian, pole!)).reasons[2]).toEqual({
      criterion: 'language',
      holds: false,
      words: 'The post is in it; the person reads pl, and en where there is nothing else.',
    });
  });

  it('comes with its ready texts in the language that suits best', async () => {
    const texts = ['it', 'en', 'pl'].map((language) => ({
      network: 'x',
      language,
      text: `Ciao ${language}`,
    }));
    const id = await library.postId({ language: 'it', texts });
    const shown = async (person: string) => {
      const { body } = await library.call('GET', `/people/${person}/posts`);
      const post = body.find((each: { id: string }) => each.id === id);
      return [post.language, post.texts];
    };
    expect(await shown(pole!)).toEqual(['pl', [{ network: 'x', text: 'Ciao pl' }]]);
    expect(await shown(await library.person({ locale: 'ms' }))).toEqual([
      'en',
      [{ network: 'x', text: 'Ciao en' }],
    ]);
  });

  it('that is not published is seen by nobody', async () => {
    const id = await library.postId({ draft: true });
    expect([(await feed(seller!)).includes(id), (await why(id, seller!)).sees]).toEqual([false, false]);
  });
});

describe('a person', () => {
  it('follows topics and leaves them freely, and is shown what is for those who follow', async () => {
    const id = await library.postId({ target: { interests: ['green', 'data'] } });
    const follow = (topics: string[]) => library.call('PUT', `/people/${pole}/interests`, { topics });
    expect((await feed(pole!)).includes(id)).toBe(false);
    await follow(['data', 'data']);
    expect((await library.call('GET', `/people/${pole}/interests`)).body).toEqual({ topics: ['data'] });
    expect((await feed(pole!)).includes(id)).toBe(true);
    await library.change(pole!, { location: 'Gdansk' });
    expect((await feed(pole!)).includes(id)).toBe(true);
    await follow([]);
    expect((await feed(pole!)).includes(id)).toBe(false);
  });

  it('who changes team is shown what is for the new one', async () => {
    const mover = await library.person({ team: 'Legal' });
    const id = await library.postId({ target: { teams: ['Legal'] } });
    expect((await feed(mover)).includes(id)).toBe(true);
    await library.change(mover, { team: 'Sales' });
    expect((await feed(mover)).includes(id)).toBe(false);
    await library.change(mover, { active: false });
    expect((await library.call('GET', `/people/${mover}/posts`)).body.code).toBe('person_left');
  });

  it('reads page by page', async () => {
    const all = await feed(seller!);
    const first = (await library.call('GET', `/people/${seller}/posts?limit=3`)).body.map(
      ({ id }: { id: string }) => id,
    );
    const next = await library.call('GET', `/people/${seller}/posts?limit=3&after=${first.at(-1)}`);
    expect([...first, ...next.body.map(({ id }: { id: string }) => id)]).toEqual(all.slice(0, 6));
  });

  it('known before departments were kept is asked for again', async () => {
    await library.service.query(
      `UPDATE people SET department = NULL, seniority = NULL WHERE person_id = $1`,
      [seller],
    );
    await library.service.moveTo('2026-03-02T08:01:00Z');
    const [row] = await library.service.query(
      `SELECT department, seniority FROM people WHERE person_id = $1`,
      [seller],
    );
    expect(row).toEqual({ department: 'Business', seniority: 'manager' });
  });
});

describe('nobody', () => {
  it('unknown is told anything', async () => {
    const id = await library.postId();
    expect((await library.call('GET', `/posts/${id}/audience/${newId()}`)).body.code).toBe('person_unknown');
    expect((await library.call('GET', `/posts/${newId()}/audience`)).body.code).toBe('post_unknown');
  });
});
