import { z } from 'zod';
import type { ScopeName } from '#libs/expression';

/** The kinds of value HR can tune. */
export const INPUT_TYPES = [
  'duration',
  'time',
  'date',
  'zone',
  'number',
  'text',
  'boolean',
  'choice',
  'audience',
  'template',
  'badge',
  'metric',
] as const;

/** One input: its label in the form, its type and its default. */
export const inputSchema = z.strictObject({
  label: z.string().min(1),
  type: z.enum(INPUT_TYPES),
  default: z.union([z.string(), z.number(), z.boolean()]),
  help: z.string().optional(),
  /** What a choice offers. */
  options: z.array(z.string().min(1)).min(1).max(100).optional(),
  /** The smallest and the largest number. */
  min: z.number().optional(),
  max: z.number().optional(),
});

/** Where and when every wait of a workflow stands unless it says otherwise. */
export const calendarSchema = z.strictObject({
  zone: z.string().optional(),
  days: z.enum(['any', 'working']).optional(),
  at: z.string().optional(),
  spread: z.string().optional(),
});

/** What a second trigger does while a run with its key is alive. */
export const AGAIN = ['ignore', 'restart', 'queue'] as const;

/** The shape of a workflow file; triggers, stops and steps have their own schemas, found by their words. */
export const workflowSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  on: z.unknown(),
  stop_when: z.unknown().optional(),
  calendar: z.unknown().optional(),
  audience: z.string().optional(),
  again: z.enum(AGAIN).optional(),
  steps: z.unknown(),
});

/** What a tuned input looks like to a form. */
export type InputSpec = z.infer<typeof inputSchema>;
/** The calendar block of a workflow. */
export type CalendarSpec = z.infer<typeof calendarSchema>;

/** One word of a step (wait, if, send …) with its checked settings. */
export interface Verb {
  kind: string;
  config: unknown;
}

/** A step with the way on: `next` after it, `inner` its nested steps, `otherwise` its else. Null is the end. */
export interface Step {
  id: string;
  line: number;
  verbs: Verb[];
  next: string | null;
  inner: string | null;
  otherwise: string | null;
  /** The first step of each way of a `choose`, in its order. */
  ways?: (string | null)[];
  as: string | null;
  /** The `as` names in sight of this step's expressions. */
  names: string[];
}

/** A trigger with its checked settings. */
export interface Trigger {
  kind: string;
  config: unknown;
}

/** An event that ends runs: those with the key, or without a key those of the event's person. */
export interface StopWhen {
  event: string;
  if: string | null;
  key: string | null;
}

/** An expression of a definition, kept so that its needs can be gathered. */
export interface Mention {
  source: string;
  scope: ScopeName;
  names: string[];
}

/** A checked workflow: plain JSON, inputs already put in. */
export interface Definition {
  id: string;
  name: string;
  description: string | null;
  /** False for a blueprint that nobody has switched on: then nothing starts it. Absent in versions stored before there was such a switch. */
  enabled?: boolean;
  inputs: Record<string, InputSpec>;
  values: Record<string, unknown>;
  on: Trigger[];
  stopWhen: StopWhen[];
  calendar: CalendarSpec;
  audience: string | null;
  again: (typeof AGAIN)[number];
  first: string | null;
  /** By id; `order` has the ids as they stand in the file. */
  steps: Record<string, Step>;
  order: string[];
  expressions: Mention[];
}
