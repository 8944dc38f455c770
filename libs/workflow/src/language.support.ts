import fc from 'fast-check';
import { NO_FACTS } from '#libs/expression';
import { compiled, person, PROGRAMME_ZONE, rome } from './drive.support.js';
import { advance, isRetrying, newRun } from './index.js';
import type { Advanced, Definition, Input, Run, WorkflowEvent, World } from './index.js';

/** Test only: random workflows of every word of the language, and random things that happen to their runs, fitting or not. */
type Raw = Record<string, unknown>;

const START = rome('2026-03-27T16:00');
const TOKYO = { zone: 'Asia/Tokyo', workingDays: [1, 2, 3, 4], holidays: ['2026-03-31'] };
const HOOK = 'https://hooks.example.com/x';

const timeout = fc.constantFrom(
  {},
  { timeout: '2d' },
  { timeout: '3h', on_timeout: 'stop' },
  { timeout: '1w', on_timeout: '$next' },
);
// Most steps come to their action: what holds everything up or fails is rare, as in life.
const rarely = (word: string, values: readonly unknown[], weight: number) =>
  fc.oneof(
    { arbitrary: fc.constant<Raw>({}), weight: 6 },
    { arbitrary: fc.constantFrom(...values).map((value): Raw => ({ [word]: value })), weight },
  );
const gates = fc
  .tuple(
    rarely(
      'wait',
      ['2d', '3h', { for: '1d', at: '02:30', days: 'working', since: 'start' }, { spread: '1h' }],
      1,
    ),
    rarely('if', ['event.n > 2', 'event.n > 2', 'event.n > 9', 'event.none > 1', 'size(event.list) > 1'], 1),
    rarely(
      'throttle',
      [
        { limit: 1, per: 'hour' },
        { limit: 5, per: '2d', key: 'event.k' },
      ],
      1,
    ),
    rarely(
      'retry',
      [
        { times: 2, after: '10m' },
        { times: 1, after: '1d', factor: 3 },
      ],
      2,
    ),
  )
  .map((words): Raw => Object.assign({}, ...words));
const plain = fc.constantFrom<Raw>(
  { send: { template: 't', to: 'person.lead' } },
  { send: { template: 't', data: { n: 'event.none' } } },
  { send: { template: 't' } },
  { post: { template: 't', channel: 'c', data: { n: 'event.n' } } },
  { award: { points: 'event.n' } },
  { award: { badge: 'b' } },
  { revoke: { badge: 'b', from: 'person.lead' } },
  { revoke: { entries: 'event.list' } },
  { hold: { entries: 'event.list' } },
  { emit: { event: 'x.done', data: { n: 'event.n' } } },
  { set: { x: 'event.n + 1', y: [1, 'event.k'] } },
  { publish: { survey: 's' } },
  { publish: { post: 'event.k' } },
  { start: { workflow: 'other', key: 'event.k' } },
  { stop: { workflow: 'other', key: 'event.k' } },
  { for_each: 'event.list', as: 'item', steps: [{ id: '', send: { template: 't' } }] },
);
const waiting = fc.oneof(
  timeout.map((t) => ({ wait_for: { event: 'x.heard', if: 'event.n > run.event.n', ...t } })),
  timeout.map((t) => ({ wait_for: { event: 'x.keyed', key: 'event.k', ...t } })),
  timeout.map((t) => ({ ask: { template: 't', options: ['yes', 'no'], ...t } })),
  fc.constantFrom({}, { max: 2 }).map((more) => ({ collect: { window: '1d', ...more } })),
  fc
    .constantFrom<Raw>({}, { on_error: 'continue' }, { on_error: 'stop' }, { on_error: '$next' })
    .map((more) => ({ call: { url: HOOK, ...more } })),
);
const simple = fc.oneof({ arbitrary: plain, weight: 3 }, { arbitrary: waiting, weight: 2 });
const acting = fc.tuple(gates, simple).map(([words, action]): Raw => ({ ...words, ...action }));
const few = fc.array(acting, { minLength: 1, maxLength: 2 });
const nesting = fc.oneof(
  few.map((steps): Raw => ({ if: 'event.n > 2', steps, else: [{ stop: true }] })),
  fc.tuple(few, few).map(([one, two]): Raw => ({
    choose: [
      { if: 'event.n > 9', steps: one },
      { if: 'event.n > 2', steps: [{ if: 'event.n > 1', steps: two }] },
    ],
  })),
);
const step = fc.oneof({ arbitrary: acting, weight: 6 }, { arbitrary: nesting, weight: 1 });
export const workflows = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => {
  const head = {
    id: 'w',
    name: 'W',
    on: { event: 'x.started', key: 'event.k' },
    calendar: { days: 'working' },
  };
  const stop_when = { event: 'x.ended', key: 'event.k' };
  return compiled(JSON.stringify({ ...head, stop_when, steps: named(steps, { count: 0 }) }));
});

// Ids in the order of the file; '$next' is the step after, where there is one.
function named(steps: Raw[], ids: { count: number }): Raw[] {
  const whole = steps.map((raw): Raw => {
    const id = `s${ids.count++}`;
    const under = Object.entries(raw).map(([word, value]) => {
      if (word === 'steps' || word === 'else') return [word, named(value as Raw[], ids)];
      if (word !== 'choose') return [word, value];
      return [word, (value as Raw[]).map((way) => ({ ...way, steps: named(way['steps'] as Raw[], ids) }))];
    });
    return { ...Object.fromEntries(under), id };
  });
  return whole.map((raw, index) => {
    const next = whole[index + 1]?.['id'] ?? 'continue';
    return JSON.parse(JSON.stringify(raw), (_key, value) => (value === '$next' ? next : value)) as Raw;
  });
}

const happening = fc.oneof(
  { arbitrary: fc.constant('apt'), weight: 12 },
  {
    arbitrary: fc.constantFrom('timer', 'ok', 'bad', 'heard', 'keyed', 'answer', 'again', 'zone'),
    weight: 6,
  },
  { arbitrary: fc.constantFrom('started', 'early', 'stale', 'place', 'nothing', 'other'), weight: 2 },
  { arbitrary: fc.constantFrom('retry', 'retry', 'skip', 'move', 'move', 'cancel', 'ended'), weight: 1 },
);
export const happenings = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 6 * 3_600_000 })), {
  maxLength: 40,
});

// What a run of its kind most likely meets next.
function aptFor(run: Run, later: number): string {
  if (run.status === 'failed') return 'retry';
  if (isRetrying(run) || run.verb === 'wait' || (run.verb === 'throttle' && run.dueAt !== null))
    return 'timer';
  if (run.verb === 'throttle') return 'place';
  if (run.verb === 'call') return later % 3 === 0 ? 'bad' : 'ok';
  if (run.dueAt !== null && later % 4 === 0) return 'timer';
  const { on = '', event = '' } = run.awaits ?? {};
  return on.startsWith('ask:')
    ? 'answer'
    : event === 'x.started'
      ? 'again'
      : event === 'x.keyed'
        ? 'keyed'
        : event === 'x.heard'
          ? 'heard'
          : 'ok';
}

const EVENTS: Record<string, [string, Raw]> = {
  heard: ['x.heard', { personId: 'ada', n: 9 }],
  keyed: ['x.keyed', { k: 'one' }],
  again: ['x.started', { k: 'one', n: 5 }],
  other: ['x.heard', { personId: 'bob', k: 'two', n: 9 }],
  ended: ['x.ended', { k: 'one' }],
};
const RESULTS: Record<string, (now: number) => unknown> = {
  ok: () => ({ ok: true, status: 200, body: { n: 1 } }),
  bad: () => ({ ok: false, error: 'refused' }),
  place: (now) => ({ dueAt: now + 3_600_000 }),
  nothing: () => undefined,
};

function inputOf(kind: string, run: Run, now: number): Input {
  const [stepId, dueAt] = [run.cursor ?? 's0', run.dueAt ?? START];
  const reason = 'by hand';
  const told = EVENTS[kind];
  if (told) return { type: 'event', event: { type: told[0], data: told[1], occurredAt: now } };
  const result = RESULTS[kind];
  if (result) return { type: 'effectSettled', stepId, result: result(now) };
  const askId = run.awaits?.on.slice('ask:'.length);
  const answer: WorkflowEvent = {
    type: 'answer.given',
    data: { askId, personId: 'ada', answer: 'yes' },
    occurredAt: now,
  };
  const rest: Record<string, Input> = {
    timer: { type: 'timerFired', stepId, dueAt },
    early: { type: 'timerFired', stepId, dueAt },
    stale: { type: 'timerFired', stepId, dueAt: dueAt - 1 },
    answer: { type: 'event', event: answer },
    zone: { type: 'recalculated' },
    skip: { type: 'skipped', reason },
    retry: { type: 'retried', reason },
    move: { type: 'moved', version: run.version + 1, reason },
    cancel: { type: 'cancelled', reason },
  };
  return rest[kind] ?? { type: 'started' };
}

interface Seen {
  before: Run;
  input: Input;
  now: number;
  world: World;
  after: Advanced;
}

export function play(
  definition: Definition,
  list: readonly (readonly [string, number])[],
  travel = same,
): Seen[] {
  const event = { type: 'x.started', k: 'one', n: 3, list: ['a', 'b'] };
  let run = newRun({ id: 'r1', workflowId: 'w', version: 1, key: 'one', personId: 'ada', event });
  let [now, abroad] = [START, false];
  return [['started', 0] as const, ...list].map(([wanted, later]) => {
    const kind = wanted === 'apt' ? aptFor(run, later) : wanted;
    if (kind === 'zone') abroad = !abroad;
    now = kind === 'timer' ? Math.max(now, run.dueAt ?? now) : now + later;
    if (kind === 'early' && run.dueAt !== null) now = Math.min(now, run.dueAt - 1);
    const who = person('ada', abroad ? { calendar: TOKYO } : {});
    const world: World = { person: who, programme: { zone: PROGRAMME_ZONE }, facts: NO_FACTS };
    const input = inputOf(kind, run, now);
    const seen = { before: run, input, now, world, after: advance(definition, run, input, now, world) };
    run = travel(seen.after.run);
    return seen;
  });
}

const same = (run: Run): Run => run;
export const frozen = (value: unknown): void => {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
};

export function always(check: (seen: Seen[], definition: Definition) => void, numRuns = 200): void {
  fc.assert(
    fc.property(workflows, happenings, (definition, list) => check(play(definition, list), definition)),
    { numRuns },
  );
}

export const intents = (effects: Advanced['effects']) =>
  effects.flatMap((e) =>
    'intentKey' in e ? [`${e.type} ${e.intentKey} ${e.type === 'call' ? e.attempt : 1}`] : [],
  );
