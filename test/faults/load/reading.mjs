import { jetstream } from '@nats-io/jetstream';
import { stableId } from '../../../dist/libs/platform/src/index.js';
import { intentLine, ledgerLine, mailLine } from './model.mjs';

const REQUESTED = 'laurel.evt.notification.requested';

/** What has come of the load: in the tables of the engine, and in the stream. */
export async function readOutcome({ database, connection }) {
  const rows = async (sql) => (await database.query(sql)).rows;
  const intents = await rows(
    `SELECT i.intent_key, i.workflow_id, coalesce(r.key, i.root_id) AS key, i.step_id, i.kind, i.person_id
     FROM intents i LEFT JOIN runs r ON r.id = i.root_id`,
  );
  const ledger = await rows('SELECT id, person_id, kind, points, rule, source_event_id FROM ledger');
  const requested = await readRequested(connection);
  const calls = await rows(
    `SELECT c.body->>'about' AS about, c.state, (c.result->>'ok')::boolean AS ok, c.webhook_id FROM calls c`,
  );
  return { intents, ledger, requested, calls };
}

/** Every request for a mail that lies in the stream, in order. */
async function readRequested(connection) {
  const consumer = await jetstream(connection).consumers.get('LAUREL_EVENTS', { filter_subjects: REQUESTED });
  const { num_pending: count } = await consumer.info();
  const requested = [];
  if (count === 0) return requested;
  const messages = await consumer.consume({ max_messages: 1_000 });
  for await (const message of messages) {
    requested.push(message.json().data);
    if (requested.length === count) break;
  }
  await messages.close();
  return requested;
}

export const intentLines = ({ intents }) =>
  intents.map((i) => intentLine(i.workflow_id, i.key, i.step_id, i.kind, i.person_id ?? '-'));

export const mailLines = ({ requested }) =>
  requested.map(({ workflow, personId, data }) => mailLine(workflow.id, workflow.stepId, personId, data));

/** What workflows give has a source of the engine's own making. */
export const ledgerLines = ({ ledger }) =>
  ledger.map((e) =>
    ledgerLine(
      e.person_id,
      e.kind,
      e.points,
      e.rule,
      ['share', 'credible-click'].includes(e.rule) ? e.source_event_id : '-',
    ),
  );

export const callLines = ({ calls }) =>
  calls.map(({ about, state, ok }) => `${about} ${state === 'done' ? (ok ? 'ok' : 'failed') : state}`);

/** Awards of workflows whose intent and ledger entry do not belong together, one for one. */
export function unpaired({ intents, ledger }) {
  const wanted = intents.filter(({ kind }) => kind === 'award').map((i) => stableId('entry', i.intent_key));
  const posted = ledger.filter(({ rule }) => rule.startsWith('workflow:')).map(({ id }) => id);
  return { wanted, posted };
}
