import { z } from 'zod';
import { events } from '#libs/contracts';
import { fieldsOf, shapeOf, unionOf } from '#libs/expression';
import type { JsonSchema, Shape, Shapes } from '#libs/expression';
import type { Catalog, Checking } from './checking.js';
import type { Trigger } from './definition.js';
import { triggerKindOf } from './triggers/list.js';

/** The kinds of value an activity of a programme may declare for its fields. */
type Declared = Readonly<
  Record<string, { fields?: Readonly<Record<string, 'string' | 'number' | 'boolean'>> | undefined }>
>;

// A recorded activity arrives as an event of its own type, with these beside its data.
const { activityType: _told, data: _free, ...ofActivity } = events['activity.recorded'].shape;
const TYPES = { string: 'string', number: 'double', boolean: 'bool' } as const;

// What the engine tells itself, which travels on no wire.
const PASSED: Shape = { fields: { workflow: 'string', trigger: 'dyn', personId: 'string' } };
const OWN: readonly [string, Shape][] = [
  ['audience.entered', PASSED],
  ['audience.left', PASSED],
  [
    'metric.dropped',
    {
      fields: {
        metric: 'string',
        per: 'string',
        periodKey: 'string',
        value: 'double',
        expected: 'double',
        drop: 'double',
      },
    },
  ],
];

// Workflows see what is in them, which may be anything.
const UNWRAPPED = new Set<string>([
  'webhook.received',
  'workflow.emitted',
  'workflow.start_requested',
  'workflow.stop_requested',
]);

/** What the data of every event looks like: those of the contracts, and the activities whose fields a programme declares. */
export function eventShapes(activities: Declared = {}): Map<string, Shape> {
  const shapes = new Map<string, Shape>(OWN);
  for (const [type, schema] of Object.entries(events))
    if (!UNWRAPPED.has(type)) shapes.set(type, shapeOfSchema(schema));
  shapes.set('survey.closed', { fields: { ...fieldsOf(shapes.get('survey.closed')), n: 'double' } });
  for (const [type, { fields }] of Object.entries(activities))
    if (fields) shapes.set(type, activityShape(fields));
  return shapes;
}

function shapeOfSchema(schema: z.ZodType): Shape {
  return shapeOf(z.toJSONSchema(schema, { unrepresentable: 'any' }) as JsonSchema);
}

function activityShape(fields: Readonly<Record<string, keyof typeof TYPES>>): Shape {
  const own = Object.entries(fields).map(([name, type]): [string, Shape] => [name, TYPES[type]]);
  const common = fieldsOf(shapeOfSchema(z.strictObject(ofActivity))) ?? {};
  return { fields: { ...Object.fromEntries(own), ...common } };
}

/** What `event` looks like for an event of a type. */
export function eventShape(type: string, catalog: Catalog): Shape {
  const fields = fieldsOf(catalog.shapes?.get(type));
  return fields ? { fields: { ...fields, type: 'string' } } : 'dyn';
}

/** What `event` may look like in a run that a trigger started, one shape for each type it listens to. */
export function eventShapesOf({ kind, config }: Trigger, catalog: Catalog): Shape[] {
  if (kind === 'schedule') return [{ fields: { type: 'string', zone: 'string', nominal: 'string' } }];
  return triggerKindOf(kind)
    .eventTypes(config)
    .map((type) => eventShape(type, catalog));
}

/** Runs a check in which `event` has one of these shapes; null leaves it as it is. */
export function withEvents(checking: Checking, shapes: readonly Shape[] | null, check: () => void): void {
  withShapes(checking, shapes === null ? {} : { event: unionOf(shapes) }, check);
}

/** Runs a check in which the item of a loop has a shape. */
export function withItem(checking: Checking, as: string | null, shape: Shape, check: () => void): void {
  withShapes(checking, as === null ? {} : { [as]: shape }, check);
}

function withShapes(checking: Checking, shapes: Shapes, check: () => void): void {
  const before = checking.shapes;
  checking.shapes = { ...before, ...shapes };
  check();
  checking.shapes = before;
}
