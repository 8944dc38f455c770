import { nearest } from '#libs/expression';
import type { Shape } from '#libs/expression';
import { checkCel, readShape } from './checking.js';
import type { Catalog, Checking } from './checking.js';
import { readSteps } from './compile-steps.js';
import { readCalendar, readStops, readTriggers } from './compile-triggers.js';
import { workflowSchema } from './definition.js';
import type { Definition } from './definition.js';
import { eventShapesOf, withEvents } from './event-shapes.js';
import { inputShape, readInputs, substitute } from './inputs.js';
import type { Inputs } from './inputs.js';
import { readSource, valueOf } from './problem.js';
import type { Problem, SourceDocument } from './problem.js';
import { blocksOf, checkSizes } from './sizes.js';
import { STEP_KINDS } from './steps/list.js';
import { checkMeaning } from './warnings/list.js';

/** Where the text comes from, what exists in the programme, and HR's values for the inputs. */
export interface CompileContext {
  file: string;
  catalog: Catalog;
  inputs?: Readonly<Record<string, unknown>>;
}

/** A definition with what is hardly meant, or everything that is wrong with the file; both in the order of its lines. */
export type CompiledWorkflow =
  { ok: true; definition: Definition; warnings: Problem[] } | { ok: false; problems: Problem[] };

/** Reads and checks a workflow file; tells all problems at once. Never throws for a wrong file. */
export function compileWorkflow(text: string, context: CompileContext): CompiledWorkflow {
  const source = readSource(text, context.file);
  const root = source.problems.length === 0 ? valueOf(source) : null;
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const checking = checkingOf(source, context.catalog);
  const definition = build(root, context, checking);
  if (definition) checkMeaning(definition, root, checking);
  if (definition && source.problems.length === 0)
    return { ok: true, definition, warnings: inOrder(source.warnings) };
  return { ok: false, problems: inOrder(source.problems) };
}

function checkingOf(source: SourceDocument, catalog: Catalog): Checking {
  const lists = { inputs: [], expressions: [], uses: [], triggers: [] };
  return { source, catalog, ...lists, shapes: {}, told: new Set(), places: new Map() };
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}

function build(root: unknown, context: CompileContext, checking: Checking): Definition | null {
  const words = Object.keys(workflowSchema.shape);
  const head = readShape(checking, [], workflowSchema, root, words);
  // A mistake at the top must not hide those further down, so what there is is checked all the same.
  const raw = (head ?? asRecord(root)) as Record<string, unknown>;
  const meant = Object.keys(raw).flatMap((word) =>
    words.includes(word) ? [] : (nearest(word, words) ?? []),
  );
  const declared = asRecord(asRecord(root)['inputs']);
  checking.inputs = Object.keys(declared);
  const inputs = readInputs(declared, context.inputs ?? {}, checking);
  const body = readBody(raw, inputs, checking, meant);
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

function readBody(raw: Record<string, unknown>, inputs: Inputs, checking: Checking, meant: string[]): Body {
  const part = (name: string) => substitute(raw[name], inputs.values, checking, [name]);
  // A word with a slip in it has been told; it is not missing as well.
  const there = (name: string) => raw[name] !== undefined || !meant.includes(name);
  checking.shapes = { inputs: inputShape(inputs.specs, checking.inputs) };
  const on = there('on') ? readTriggers(part('on'), checking) : [];
  checking.triggers = on;
  const stopWhen = readStops(part('stop_when'), checking);
  const calendar = readCalendar(part('calendar'), checking);
  const shapes = on.flatMap((trigger) => eventShapesOf(trigger, checking.catalog));
  const body: Body = { on, stopWhen, calendar, audience: null, first: null, steps: {}, order: [] };
  withEvents(checking, shapes, () => {
    const steps = part('steps');
    checking.shapes = { ...checking.shapes, ...shapesOfRun(steps, checking) };
    if (there('steps') && checkSizes(steps, checking)) Object.assign(body, readSteps(steps, checking));
    body.audience = readAudience(part('audience'), checking);
  });
  return body;
}

function readAudience(audience: unknown, checking: Checking): string | null {
  if (typeof audience !== 'string') return null;
  checkCel(checking, ['audience'], audience, 'audience', { expects: 'bool' });
  return audience;
}

// What steps give is null until they have, so any name may be asked for anywhere; what is in it is not known.
function shapesOfRun(steps: unknown, { shapes }: Checking): Record<string, Shape> {
  const vars = Object.fromEntries(namesGiven(steps).map((name): [string, Shape] => [name, 'dyn']));
  const run: Shape = {
    fields: {
      id: 'string',
      key: 'dyn',
      startedAt: 'dyn',
      personId: 'dyn',
      version: 'double',
      event: shapes['event'] ?? 'dyn',
    },
  };
  return { vars: { fields: vars }, run };
}

function namesGiven(steps: unknown): string[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => [
    ...namesGivenBy(asRecord(step)),
    ...blocksOf(step).flatMap(([inner]) => namesGiven(inner)),
  ]);
}

function namesGivenBy(step: Record<string, unknown>): string[] {
  return STEP_KINDS.flatMap((kind) => {
    const parsed =
      step[kind.kind] === undefined ? null : kind.schema.safeParse(kind.shorthand(step[kind.kind]));
    return parsed?.success ? kind.gives(parsed.data, String(step['id'])) : [];
  });
}

function headOf(head: {
  id: string;
  name: string;
  description?: string | undefined;
  enabled?: boolean | undefined;
  again?: Definition['again'] | undefined;
}): Pick<Definition, 'id' | 'name' | 'description' | 'enabled' | 'again'> {
  return {
    id: head.id,
    name: head.name,
    description: head.description ?? null,
    enabled: head.enabled ?? true,
    again: head.again ?? 'ignore',
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
