/** The workflow language: files compiled to plain data, runs advanced by one pure function. */
export { advance } from './advance.js';
export type { Advanced, Input } from './advance.js';
export type { Catalog } from './checking.js';
export { compileWorkflow } from './compile.js';
export type { CompileContext, CompiledWorkflow } from './compile.js';
export type { CalendarSpec, Definition, InputSpec, Step, StopWhen, Trigger, Verb } from './definition.js';
export type {
  AwardEffect,
  ClearTimer,
  Effect,
  ExpandEffect,
  Item,
  LogEntry,
  LogOutcome,
  SendEffect,
  SetTimer,
} from './effects.js';
export type { Docs, Outcome, Refusal, Start, StepKind, TriggerKind, Turn } from './kinds.js';
export type { Problem } from './problem.js';
export { eventTypesOf, inAudience, metricTriggers, needsOf } from './queries.js';
export type { AudienceAsk, MetricTrigger } from './queries.js';
export { branchRun, isEnded, newRun } from './run.js';
export type { Branch, NewRun, Run, RunStatus } from './run.js';
export { nextScheduled, scheduleFirings } from './schedules.js';
export type { Firing, FiringsAsk } from './schedules.js';
export { audienceKey, startsOn, stopsOn, stopsRun } from './starts.js';
export type { Starts, Stop } from './starts.js';
export { STEP_KINDS } from './steps/list.js';
export { TRIGGER_KINDS } from './triggers/list.js';
export type { PersonFacts, WorkflowEvent, World } from './world.js';
