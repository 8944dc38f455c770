import { setTimeout as pause } from 'node:timers/promises';
import { chanceOf } from './chance.mjs';
import { envelopeOf, roundOf, withCopies } from './events.mjs';

/** Tells events without the broker's help against duplicates; resolves when each is stored. */
async function tell(connection, event) {
  const { subject, payload } = envelopeOf(event);
  await connection.request(subject, payload, { timeout: 30_000 });
}

/** For how long a service that is no longer killed may take for what it has not handled yet. */
const PATIENCE_MS = 120_000;
/** A round is told over so many milliseconds. */
const SPREAD_MS = 4_000;

/** Pours rounds of events in until `finish` is called, which resolves when everything of every round has been told. */
export function pour(stage, { seed, people }) {
  // What is told depends on the seed alone; in which order it goes out, on the machine too.
  const [making, chance] = [chanceOf(seed), chanceOf(seed + 1)];
  const pouring = {
    stage,
    making,
    chance,
    people,
    told: [],
    copies: 0,
    stopped: false,
    handledBy: { at: Infinity },
  };
  const done = pourRounds(pouring);
  // Whoever waits hears of a failure; until then another may be told first.
  done.catch(() => undefined);
  const finish = () => {
    pouring.stopped = true;
    pouring.handledBy.at = performance.now() + PATIENCE_MS;
    return done;
  };
  return { told: pouring.told, copies: () => pouring.copies, finish };
}

async function pourRounds(pouring) {
  const seconds = [];
  for (let number = 0; !pouring.stopped; number++) {
    const { first, later } = roundOf(pouring.making, number, pouring.people);
    await tellAll(pouring, first);
    const second = untilHandled(pouring, first).then(() => tellAll(pouring, later));
    second.catch(() => undefined);
    seconds.push(second);
  }
  await Promise.all(seconds);
}

async function tellAll(pouring, events) {
  const { stage, chance, told } = pouring;
  const now = Date.now();
  for (const event of events) event.time = now + event.at - 1_000;
  told.push(...events);
  const copies = withCopies(chance, events);
  pouring.copies += copies.length;
  for (const event of copies) {
    await tell(stage.connection, event);
    await pause(chance.between(0, (2 * SPREAD_MS) / copies.length));
  }
}

async function untilHandled({ stage, handledBy }, events) {
  const ids = events.filter(({ type }) => type === 'activity.recorded').map(({ id }) => id);
  while (performance.now() < handledBy.at) {
    const { rows } = await stage.database.query(
      `SELECT count(*)::int AS n FROM inbox WHERE consumer = 'engagement-workflows' AND event_id = ANY($1::uuid[])`,
      [ids],
    );
    if (rows[0].n === ids.length) return;
    await pause(500);
  }
  // It goes on nevertheless: the comparison tells what is missing.
}

/** Answers every question that goes out, some of them twice and in two mails' time. The answers stand by what was asked about. */
export function answerQuestions({ connection }, chance) {
  const answers = new Map();
  const sent = [];
  const answer = async (about, askId, personId) => {
    const given = answers.get(about) ?? chance.pick(['yes', 'no']);
    answers.set(about, given);
    for (let click = 0; click <= chance.below(3); click++) {
      await pause(chance.between(0, 1_500));
      await tell(connection, {
        id: chance.uuid(),
        type: 'answer.given',
        time: Date.now(),
        data: { askId, personId, answer: given },
      });
    }
  };
  connection.subscribe('laurel.evt.notification.requested', {
    callback: (_error, message) => {
      const { data, answers: asked, personId } = message.json().data;
      if (asked) sent.push(answer(data.about, asked.askId, personId));
    },
  });
  return { answers, finish: () => Promise.all(sent) };
}
