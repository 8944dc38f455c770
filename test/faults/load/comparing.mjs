import { callLines, intentLines, ledgerLines, mailLines, unpaired } from './reading.mjs';

/** Every difference between what is and what the model says, as lines for people; none when all is well. */
export function compare(model, outcome, receiver) {
  const { ours, digests, mails } = apart(outcome);
  const wanted = settleChoices(model, intentLines(ours));
  return [
    ...differences('intent', wanted.intents, intentLines(ours)),
    ...differences('mail', wanted.mails, mailLines({ requested: mails })),
    ...differences('ledger entry', model.ledger, ledgerLines(outcome)),
    ...differences('ledger entry of an award', unpaired(outcome).wanted, unpaired(outcome).posted),
    ...differences('call', model.calls, callLines(outcome)),
    ...twice(
      outcome.requested.map(({ intentKey }) => intentKey),
      'mail requested',
    ),
    ...wrongDigests(model, digests, outcome),
    ...wrongCalls(model, outcome, receiver),
  ];
}

/** Digests are compared by what they hold: which comes in which depends on when they came. */
function apart({ intents, requested }) {
  const isDigest = ({ workflow }) => workflow.id === 'digest';
  return {
    ours: { intents: intents.filter(({ workflow_id: id }) => id !== 'digest') },
    digests: requested.filter(isDigest),
    mails: requested.filter((item) => !isDigest(item)),
  };
}

/** Of two ways that are both right the one that was taken counts; when neither or both were, the first. */
function settleChoices(model, found) {
  const there = new Set(found);
  const taken = model.either.map(
    (ways) => ways.find(({ intents }) => intents.every((line) => there.has(line))) ?? ways[0],
  );
  return {
    intents: [...model.intents, ...taken.flatMap(({ intents }) => intents)],
    mails: [...model.mails, ...taken.flatMap(({ mails }) => mails)],
  };
}

/** What is missing and what is too much, counted. */
function differences(what, expected, actual) {
  const counts = new Map();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of actual) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts].flatMap(([line, count]) => {
    if (count === 0) return [];
    return [
      `${what} ${count > 0 ? 'missing' : 'too much'}${Math.abs(count) > 1 ? ` (${Math.abs(count)} times)` : ''}: ${line}`,
    ];
  });
}

function twice(keys, what) {
  const seen = new Set();
  return keys.flatMap((key) => (seen.size === seen.add(key).size ? [`${what} twice: ${key}`] : []));
}

/** Each thing that was to be collected stands in one digest of its topic, and no digest is empty or too long. */
function wrongDigests({ digests: { items, max } }, digests, { intents }) {
  const collected = digests.flatMap(({ data }) => data.items);
  const noted = intents.filter(({ workflow_id: id }) => id === 'digest').map((intent) => intent.intent_key);
  const mixed = digests.filter(({ data }) => new Set(data.items.map((item) => items.get(item))).size !== 1);
  const sizes = digests.filter(({ data }) => data.items.length < 1 || data.items.length > max);
  return [
    ...differences('thing in a digest', [...items.keys()], collected),
    ...differences(
      'digest',
      noted,
      digests.map(({ intentKey }) => intentKey),
    ),
    ...mixed.map(({ intentKey }) => `digest of several topics: ${intentKey}`),
    ...sizes.map(({ intentKey, data }) => `digest of ${data.items.length}: ${intentKey}`),
  ];
}

/** One webhook-id for each matter, on both sides; what counts as answered well was answered well. */
function wrongCalls({ calls }, outcome, receiver) {
  const [asked, wanted] = [[...receiver.seen], outcome.calls.map((call) => call.webhook_id)];
  const good = asked.filter(([, { ok }]) => ok > 0).map(([, { about }]) => `${about} ok`);
  return [
    ...differences(
      'webhook-id',
      wanted,
      asked.map(([id]) => id),
    ),
    ...differences(
      'call answered well',
      calls.filter((line) => line.endsWith(' ok')),
      good,
    ),
  ];
}
