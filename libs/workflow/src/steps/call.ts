import { z } from 'zod';
import { report } from '../checking.js';
import type { CallEffect } from '../effects.js';
import { intentOf } from '../effects.js';
import { stepKind } from '../kinds.js';
import { answered, checkData } from './data.js';
import { failed, way, wayMentions } from './outcomes.js';

const schema = z.strictObject({
  url: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
  on_error: z.string().optional(),
});
type CallConfig = z.infer<typeof schema>;

/** What the driver answers a call with. */
const resultSchema = z.object({
  ok: z.boolean(),
  status: z.number().nullable().default(null),
  body: z.unknown().default(null),
  error: z.string().nullable().default(null),
});

/** call: a signed HTTPS call to another system; the run waits for its answer. */
export const call = stepKind<CallConfig>({
  kind: 'call',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Calls another system over HTTPS and waits for its answer.',
    details:
      'The data goes out as JSON with a Standard Webhooks signature, so that the other side can tell who calls; every text under data is an expression. The answer stands in vars under the id of the step as { ok, status, body, error }. A call that is refused or fails makes the step fail, which retry: tries again; with on_error: continue the run goes on nevertheless, and on_error may also be stop or a step further down. A repeated call has the same webhook-id, so that the other side does nothing twice.',
    example:
      'call: { url: "https://hooks.example.com/laurel", data: { who: person.id, what: "event.type" } }',
    examples: ['call: { url: "https://hooks.example.com/laurel", on_error: continue }'],
  },

  check(config, checking, site) {
    if (!isCallable(config.url))
      report(
        checking,
        [...site.path, 'url'],
        `"${config.url}" cannot be called`,
        'write a whole address that begins with https://',
      );
    checkData(config.data ?? {}, checking, { ...site, path: [...site.path, 'data'] });
  },

  mentions: (config) => wayMentions('on_error', config.on_error),
  gives: (_config, stepId) => [stepId],

  advance(config, turn) {
    const { run, step } = turn;
    const body = answered(config.data ?? {}, turn);
    if (!body.ok) return failed(`the data of the call cannot be made: ${body.error}`, config);
    const effect: CallEffect = {
      type: 'call',
      ...intentOf(run, step.id, null),
      attempt: (run.attempts ?? 0) + 1,
      url: config.url,
      body: body.value as Record<string, unknown>,
    };
    const reason = `calls ${config.url}`;
    return { outcome: 'called', go: 'stay', dueAt: null, reason, effects: [effect], input: config };
  },

  settled(config, turn, result) {
    const parsed = resultSchema.safeParse(result);
    if (!parsed.success) return null;
    const vars = { [turn.step.id]: parsed.data };
    const told = { vars, input: config, output: parsed.data };
    if (parsed.data.ok) return { outcome: 'passed', reason: `answered with ${parsed.data.status}`, ...told };
    return {
      outcome: 'failed',
      again: true,
      reason: wrongWords(parsed.data),
      ...told,
      ...way(config.on_error ?? 'fail'),
    };
  },
});

function wrongWords({ status, error }: { status: number | null; error: string | null }): string {
  return `the call failed: ${error ?? `it was answered with ${status}`}`;
}

// Plain http is for trying things out on one's own machine; what leaves it is guarded again when it is called.
function isCallable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username } = new URL(url);
  const here = hostname === 'localhost' || hostname === '127.0.0.1';
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && here));
}
