import type { FilesDifference } from '#libs/programme';

/** A workflow of a plan, or of what was applied, as the service tells it. */
export interface WorkflowTold {
  id: string;
  change: 'new' | 'changed' | 'on' | 'off';
  lines: string[];
  from?: number | null;
  to?: number;
  version?: number;
  waiting?: { step: string; runs: number; people: number; keep: string; move: string; stop: string }[];
  runs?: { moved: number; stopped: number; kept: number; finished: boolean } | null;
}

/** A plan, or what was applied. */
export interface Told {
  version: number;
  nothing: boolean;
  files: FilesDifference;
  workflows: WorkflowTold[];
  warnings: string[];
}

/** What a plan says, a line each. */
export const planWords = (told: Told): string[] => [
  ...filesWords(told.files),
  ...told.workflows.flatMap((workflow) => [
    head(workflow),
    ...indented(workflow.lines),
    ...waitingWords(workflow),
  ]),
  ...warningWords(told.warnings),
];

/** What was applied, a line each. */
export const appliedWords = (told: Told): string[] => [
  ...filesWords(told.files),
  ...told.workflows.flatMap((workflow) => [
    head(workflow),
    ...indented(workflow.lines),
    ...runWords(workflow),
  ]),
  ...warningWords(told.warnings),
];

function filesWords({ added, changed, removed }: FilesDifference): string[] {
  return [
    ...added.map((path) => `+ ${path}`),
    ...changed.flatMap(({ path, added: more, removed: fewer, lines }) => [
      `~ ${path} (+${more} -${fewer})`,
      ...indented(lines),
      ...(more + fewer > lines.length ? [`    … ${more + fewer - lines.length} more`] : []),
    ]),
    ...removed.map((path) => `- ${path}`),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

function head({ id, change, from, to, version }: WorkflowTold): string {
  const next = version ?? to;
  if (change === 'new') return `workflow ${id} is new`;
  if (change === 'off') return `workflow ${id} is switched off`;
  if (change === 'on') return `workflow ${id} is switched on again, in version ${next}`;
  return `workflow ${id}: version ${from == null ? next : `${from} → ${next}`}`;
}

const waitingWords = ({ waiting = [] }: WorkflowTold): string[] =>
  waiting.flatMap(({ step, runs, keep, move, stop }) => [
    `    ${runs} ${runs === 1 ? 'run waits' : 'runs wait'} at ${step}:`,
    `      keep: ${keep}`,
    `      move: ${move}`,
    `      stop: ${stop}`,
  ]);

function runWords({ runs }: WorkflowTold): string[] {
  if (!runs) return [];
  const { moved, stopped, kept, finished } = runs;
  return [
    `    ${moved} moved, ${stopped} stopped, ${kept} kept${finished ? '' : '; the rest follows by itself'}`,
  ];
}

const warningWords = (warnings: readonly string[]): string[] => warnings.map((line) => `warning: ${line}`);
