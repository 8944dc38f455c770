import { checkCel, readShape, report } from './checking.js';
import type { Catalog, Checking } from './checking.js';
import { readCalendar, readStops, readTriggers } from './compile-triggers.js';
import { readSteps } from './compile-steps.js';
import { workflowSchema } from './definition.js';
import type { Definition } from './definition.js';
import { readInputs, substitute } from './inputs.js';
import type { Inputs } from './inputs.js';
import { readSource, valueOf } from './problem.js';
import type { Problem } from './problem.js';
import type { ScheduleConfig } from './triggers/schedule.js';

/** Where the text comes from, what exists in the programme, and HR's values for the inputs. */
export interface CompileContext {
  file: string;
  catalog: Catalog;
  inputs?: Readonly<Record<string, unknown>>;
}

/** A definition, or everything that is wrong with the file, in the order of its lines. */
export type CompiledWorkflow = { ok: true; definition: Definition } | { ok: false; problems: Problem[] };

/** Reads and checks a workflow file; tells all problems at once. Never throws for a wrong file. */
export function compileWorkflow(text: string, context: CompileContext): CompiledWorkflow {
  const source = readSource(text, context.file);
  const root = source.problems.length === 0 ? valueOf(source) : null;
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const checking: Checking = { source, catalog: context.catalog, inputs: [], expressions: [] };
  const definition = build(root, context, checking);
  if (definition && source.problems.length === 0) return { ok: true, definition };
  return { ok: false, problems: source.problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function build(root: unknown, context: CompileContext, checking: Checking): Definition | null {
  const head = readShape(checking, [], workflowSchema, root, Object.keys(workflowSchema.shape));
  // A mistake at the top must not hide those further down, so what there is is checked all the same.
  const raw = (head ?? asRecord(root)) as Record<string, unknown>;
  const declared = asRecord(raw['inputs']);
  checking.inputs = Object.keys(declared);
  const inputs = readInputs(declared, context.inputs ?? {}, checking);
  const body = readBody(raw, inputs, checking);
  return head
    ? {
        ...headOf(head),
        ...body,
        inputs: inputs.specs,
        values: inputs.values,
        expressions: checking.expressions,
      }
    : null;
}

type Body = Pick<Definition, 'on' | 'stopWhen' | 'calendar' | 'audience' | 'first' | 'steps' | 'order'>;

function readBody(raw: Record<string, unknown>, inputs: Inputs, checking: Checking): Body {
  const part = (name: string) => substitute(raw[name], inputs.values, checking, [name]);
  const body = {
    on: readTriggers(part('on'), checking),
    stopWhen: readStops(part('stop_when'), checking),
    calendar: readCalendar(part('calendar'), checking),
    audience: typeof raw['audience'] === 'string' ? raw['audience'] : null,
    ...readSteps(part('steps'), checking),
  };
  if (body.audience !== null)
    checkCel(checking, ['audience'], body.audience, 'audience', { expects: 'bool' });
  checkWhom(body, checking);
  return body;
}

function checkWhom(body: Body, checking: Checking): void {
  const local = body.on.find(
    (t) => t.kind === 'schedule' && (t.config as ScheduleConfig).zone === 'recipient',
  );
  if (local && body.audience === null)
    report(
      checking,
      ['on'],
      'zone: recipient without an audience has no recipients',
      'add audience: or name a zone such as Europe/Rome',
    );
}

function headOf(head: {
  id: string;
  name: string;
  description?: string | undefined;
}): Pick<Definition, 'id' | 'name' | 'description' | 'again'> {
  return { id: head.id, name: head.name, description: head.description ?? null, again: 'ignore' };
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
