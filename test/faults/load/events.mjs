import { chanceOf } from './chance.mjs';

const COPIES = 3;
const TOPICS = 6;

/** The people of the programme: every third speaks Italian; the first forty are those who do things. */
export function peopleOf(seed, count) {
  const chance = chanceOf(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: chance.uuid(),
    locale: index % 3 === 0 ? 'it' : 'en',
    acts: index < 40,
  }));
}

/**
 * One round of the load: `first` may arrive in any order; `later` only when all of `first` has been handled. Each event has `at`, its
 * place in time among those of its part.
 */
export function roundOf(chance, number, people) {
  const actors = people.filter(({ acts }) => acts).map(({ id }) => id);
  const [first, later] = [partOf(chance, actors), partOf(chance, actors)];
  const times = (count, work) => Array.from({ length: count }, (_, index) => work(index));

  times(8, () => first.load('points'));
  times(10, () => first.load('thanked', { topic: `topic-${chance.below(TOPICS)}` }));
  times(8, () => first.load('throttled', { topic: `team-${chance.below(2)}` }));
  times(5, () => first.load('asked'));
  times(5, () => first.load('called'));
  times(2, () => first.load('refused'));
  if (number % 2 === 0) first.load('announced');
  if (number % 3 === 0) first.load('launched');
  times(4, () => reply(first, first.load('patient')));
  times(3, () => reply(first, first.load('hasty')));
  times(3, () => first.load('hasty'));
  times(6, (index) => opened(first, later, index % 3));
  times(2, (index) => {
    const topic = `anew-${number}-${index}`;
    times(4, () => first.load('anew', { topic }));
    later.load('go', { about: topic });
  });
  times(2, (index) => times(3, () => first.load('queued', { topic: `queue-${(number * 2 + index) % 8}` })));
  times(5, () => first.add('content.shared', shareOf(chance)));
  times(10, () => first.add('link.clicked', clickOf(chance)));
  return { first: first.events, later: later.events };
}

/** Events of one part of a round, each about somebody who does things. */
function partOf(chance, actors) {
  const events = [];
  const add = (type, data, at = events.length * 2) => {
    const event = { id: chance.uuid(), type, at, data: { personId: chance.pick(actors), ...data } };
    events.push(event);
    return event;
  };
  const load = (type, { objectId = chance.uuid(), personId, ...data } = {}, at) => {
    const said = { activityType: `load.${type}`, objectId, data, ...(personId ? { personId } : {}) };
    return add('activity.recorded', said, at);
  };
  return { events, add, load };
}

/** Somebody replies a moment after what they reply to happened. */
function reply(part, { at, data }) {
  part.load('reply', { about: data.objectId, personId: data.personId }, at + 1);
}

/** One that nobody closes, one that is closed after it was opened, and one that was closed before. All are told to go on. */
function opened(first, later, kind) {
  const { at, data } = first.load('opened');
  if (kind === 1) first.load('closed', { about: data.objectId }, at + 1);
  if (kind === 2) first.load('closed', { about: data.objectId }, at - 1);
  later.load('go', { about: data.objectId });
}

const shareOf = (chance) => ({ shareId: chance.uuid(), postId: chance.uuid(), network: 'linkedin' });
const clickOf = (chance) => ({
  ...shareOf(chance),
  clickId: chance.uuid(),
  credible: chance.below(4) > 0,
  reasons: [],
});

/** Each event one to three times, in an order of its own. */
export const withCopies = (chance, events) =>
  chance.shuffled(events.flatMap((event) => Array.from({ length: 1 + chance.below(COPIES) }, () => event)));

/** An event as it goes over the wire. */
export function envelopeOf({ id, type, time, data }) {
  const told = type === 'activity.recorded' ? { activityId: id, value: 1, ...data } : data;
  return {
    subject: `laurel.evt.${type}`,
    payload: JSON.stringify({
      specversion: '1.0',
      id,
      source: '/laurel/load',
      type,
      time: new Date(time).toISOString(),
      datacontenttype: 'application/json',
      data: told,
    }),
  };
}
