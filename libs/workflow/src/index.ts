/** The workflow language: files compiled to plain data, runs advanced by one pure function. */
export { advance } from './advance.js';
export type { Input } from './advance.js';
export type { Advanced } from './state.js';
export type { Catalog } from './checking.js';
export { compileWorkflow } from './compile.js';
export type { CompileContext, CompiledWorkflow } from './compile.js';
export { eventShapes } from './event-shapes.js';
export { formOf, inputProblems } from './input-values.js';
export type { FormField, InputProblem } from './input-values.js';
export type { CalendarSpec, Definition, InputSpec, Step, StopWhen, Trigger, Verb } from './definition.js';
export type {
  AskEffect,
  AwardEffect,
  CalendarEntry,
  CallEffect,
  ClearTimer,
  Effect,
  EmitEffect,
  ExpandEffect,
  HoldEffect,
  Item,
  LogEntry,
  LogOutcome,
  PublishEffect,
  ReleaseEffect,
  RevokeEffect,
  PostEffect,
  SendEffect,
  SetTimer,
  StartEffect,
  StopEffect,
  ThrottleEffect,
} from './effects.js';
export type { Docs, Listen, Outcome, Refusal, Start, StepKind, TriggerKind, Turn } from './kinds.js';
export { problemAt, readSource, valueOf, warningAt } from './problem.js';
export type { Path, Problem, SourceDocument } from './problem.js';
export {
  audienceTriggers,
  awaitsKeys,
  dropTriggers,
  eventTypesOf,
  inAudience,
  metricTriggers,
  needsOf,
} from './queries.js';
export type { AudienceAsk, AudienceTrigger, DropTrigger, MetricTrigger } from './queries.js';
export { branchRun, isEnded, isRetrying, newRun } from './run.js';
export type { Awaits, Branch, NewRun, Run, RunStatus } from './run.js';
export { nextScheduled, scheduleFirings } from './schedules.js';
export type { Firing, FiringsAsk } from './schedules.js';
export { audienceKey, startsOn, stopsOn, stopsRun } from './starts.js';
export type { Starts, Stop } from './starts.js';
export { STEP_KINDS } from './steps/list.js';
export { TRIGGER_KINDS } from './triggers/list.js';
export type { PersonFacts, WorkflowEvent, World } from './world.js';
export { workflowReference } from './reference/reference.js';
export { FUNCTIONS, VARIABLES } from './reference/expressions.js';
export { INPUTS } from './reference/inputs.js';
export { workflowJsonSchema } from './schema/json-schema.js';
export { differences } from './versions/differences.js';
export { foresee } from './versions/foresee.js';
export type { Foreseen } from './versions/foresee.js';
export { waitingWords } from './versions/waiting-words.js';
export type { WaitingStep } from './versions/waiting-words.js';
export { Simulation } from './simulate/simulation.js';
export type {
  OpenAudience,
  SimulatedTurn,
  SimulatedWorld,
  SimulationOptions,
} from './simulate/simulation.js';
export type { Example, Reason, SimulationResult } from './simulate/tally.js';
