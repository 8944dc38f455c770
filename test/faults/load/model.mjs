import { DIGEST_MAX, MILESTONE } from './programme.mjs';

/**
 * What must have come of these events, each counted once, in whatever order they came. It knows the workflows in its own words and
 * nothing of the engine. Of a `hasty` run that was replied to either way is right; of digests only what they hold together.
 */
export function modelOf(events, answers, people) {
  const model = {
    intents: [],
    mails: [],
    ledger: [],
    either: [],
    digests: { items: new Map(), max: DIGEST_MAX },
    calls: [],
  };
  const told = said(model);
  const ofType = (type) => events.filter(({ data }) => data.activityType === `load.${type}`);
  const aboutOf = (type) => new Map(ofType(type).map((event) => [event.data.data.about, event]));

  for (const event of ofType('points')) points(told, event);
  for (const event of ofType('announced')) announced(told, event, people);
  for (const event of ofType('launched'))
    for (const { id } of people.filter(({ locale }) => locale === 'en'))
      told.mail('audience', keyOf(event), 'mail', id, keyOf(event), `${keyOf(event)}:${id}`);
  for (const event of ofType('thanked')) model.digests.items.set(keyOf(event), event.data.data.topic);
  for (const event of ofType('patient')) told.mail('patient', keyOf(event), 'came', whose(event));
  const replies = aboutOf('reply');
  for (const event of ofType('hasty')) hasty(model, event, replies.has(keyOf(event)));
  for (const event of newestOf(ofType('anew')))
    told.mail('anew', event.data.data.topic, 'mail', whose(event), keyOf(event));
  for (const event of ofType('queued'))
    told.mail('queued', event.data.data.topic, 'mail', whose(event), keyOf(event));
  for (const event of ofType('throttled')) told.mail('throttled', keyOf(event), 'mail', whose(event));
  for (const event of ofType('asked')) asked(told, event, answers.get(keyOf(event)));
  const closed = aboutOf('closed');
  for (const event of ofType('opened'))
    if (!(closed.get(keyOf(event))?.time >= event.time))
      told.mail('opened', keyOf(event), 'mail', whose(event));
  for (const event of ofType('called')) called(told, model, event);
  for (const event of ofType('refused')) refused(told, model, event);
  scored(told, events);
  return model;
}

const keyOf = ({ data }) => data.objectId;
const whose = ({ data }) => data.personId;

/** Lines as `reading.mjs` writes them of what it finds. */
export const intentLine = (...parts) => parts.join(' | ');
export const mailLine = (workflow, step, person, data) =>
  [workflow, step, person, JSON.stringify(data)].join(' | ');
export const ledgerLine = (person, kind, points, rule, source) =>
  [person, kind, points, rule, source].join(' | ');

function said({ intents, mails, ledger }) {
  const intent = (workflow, key, step, kind, person) =>
    void intents.push(intentLine(workflow, key, step, kind, person));
  return {
    intent,
    mail(workflow, key, step, person, about = key, runKey = key) {
      intent(workflow, runKey, step, 'send', person);
      mails.push(mailLine(workflow, step, person, { about }));
    },
    ask(workflow, key, step, person) {
      intent(workflow, key, step, 'ask', person);
      mails.push(mailLine(workflow, step, person, { about: key }));
    },
    award(workflow, key, step, person, points) {
      intent(workflow, key, step, 'award', person);
      ledger.push(ledgerLine(person, 'earn', points, `workflow:${workflow}`, '-'));
    },
    scored: (person, points, rule, source) =>
      void ledger.push(ledgerLine(person, 'earn', points, rule, source)),
  };
}

function points(told, event) {
  const [key, person] = [keyOf(event), whose(event)];
  told.award('points', key, 'points', person, 3);
  told.mail('points', key, 'mail', person);
  told.intent('points', key, 'echo', 'emit', '-');
  told.intent('points', key, 'next', 'start', '-');
  told.mail('echo', key, 'mail', person);
  told.scored(person, 6, 'echo', '-');
  told.award('welcomed', key, 'points', person, 2);
  told.mail('welcomed', key, 'mail', person);
}

function announced(told, event, people) {
  const key = keyOf(event);
  for (const { id } of people.filter(({ locale }) => locale === 'it')) {
    told.award('fanout', key, 'points', id, 1);
    told.mail('fanout', key, 'mail', id);
  }
  told.award('fanout', key, 'after', whose(event), 9);
}

function hasty(model, event, replied) {
  const way = (step) => {
    const one = { intents: [], mails: [], ledger: [] };
    said(one).mail('hasty', keyOf(event), step, whose(event));
    return one;
  };
  if (replied) return void model.either.push([way('came'), way('missed')]);
  model.intents.push(...way('missed').intents);
  model.mails.push(...way('missed').mails);
}

function newestOf(events) {
  const newest = new Map();
  for (const event of events) {
    const { topic } = event.data.data;
    if (!(newest.get(topic)?.time >= event.time)) newest.set(topic, event);
  }
  return [...newest.values()];
}

function asked(told, event, answer) {
  const [key, person] = [keyOf(event), whose(event)];
  told.ask('asked', key, 'question', person);
  if (answer === 'yes') told.award('asked', key, 'points', person, 5);
  else told.mail('asked', key, 'mail', person);
}

function called(told, model, event) {
  told.intent('called', keyOf(event), 'call', 'call', '-');
  told.award('called', keyOf(event), 'points', whose(event), 4);
  model.calls.push(`${keyOf(event)} ok`);
}

function refused(told, model, event) {
  told.intent('refused', keyOf(event), 'call', 'call', '-');
  told.mail('refused', keyOf(event), 'mail', whose(event));
  model.calls.push(`${keyOf(event)} failed`);
}

function scored(told, events) {
  const clicks = new Map();
  for (const event of events) {
    if (event.type === 'content.shared') told.scored(whose(event), 2, 'share', event.id);
    if (event.type !== 'link.clicked' || !event.data.credible) continue;
    told.scored(whose(event), 1, 'credible-click', event.id);
    clicks.set(whose(event), (clicks.get(whose(event)) ?? 0) + 1);
  }
  for (const [person, count] of clicks) {
    if (count < MILESTONE) continue;
    told.award('milestone', `${person}:all`, 'points', person, 7);
    told.mail('milestone', `${person}:all`, 'mail', person, 'all');
  }
}
