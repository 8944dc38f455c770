import { compileWorkflow, inputProblems, readSource, valueOf } from '#libs/workflow';
import type { Catalog, Definition } from '#libs/workflow';
import { at, namesIn } from './files.js';
import type { Files } from './files.js';
import type { Reading } from './reading.js';

/** HR's values for the inputs of workflows, by workflow. */
export type InputValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A workflow of a programme, compiled with the values HR gave that still fit it. */
export interface ProgrammeWorkflow {
  file: string;
  source: string;
  values: Readonly<Record<string, unknown>>;
  definition: Definition;
}

/** The ids that workflow files claim, for workflows that name each other. */
export function workflowIds(files: Files): Set<string> {
  const ids = namesIn(files, 'workflows/', '.yaml').map((name) => {
    const source = readSource(files[`workflows/${name}.yaml`]!, name);
    const value = source.problems.length === 0 ? (valueOf(source) as { id?: unknown } | null) : null;
    return value?.id;
  });
  return new Set(ids.filter((id) => typeof id === 'string'));
}

/** Compiles every file of workflows/. */
export function readWorkflows(reading: Reading, catalog: Catalog, values: InputValues): ProgrammeWorkflow[] {
  const found = new Map<string, ProgrammeWorkflow>();
  for (const name of namesIn(reading.files, 'workflows/', '.yaml')) {
    const workflow = readWorkflow(reading, `workflows/${name}.yaml`, catalog, values);
    if (!workflow) continue;
    const { id } = workflow.definition;
    const twin = found.get(id);
    if (twin)
      reading.problems.push(
        at(workflow.file, `${twin.file} has the id ${id} as well`, 'give each an id of its own'),
      );
    found.set(id, workflow);
  }
  return [...found.values()];
}

function readWorkflow(
  reading: Reading,
  file: string,
  catalog: Catalog,
  values: InputValues,
): ProgrammeWorkflow | null {
  const source = reading.files[file]!;
  const compiled = compileWorkflow(source, { file, catalog });
  if (!compiled.ok) {
    reading.problems.push(...compiled.problems);
    return null;
  }
  reading.warnings.push(...compiled.warnings);
  const { definition } = compiled;
  const fitting = fittingOf(definition, values[definition.id] ?? {}, catalog);
  const tuned =
    Object.keys(fitting).length > 0 ? compileWorkflow(source, { file, catalog, inputs: fitting }) : compiled;
  // Values that do not fit together are left to whoever gave them; the defaults do.
  return tuned.ok
    ? { file, source, values: fitting, definition: tuned.definition }
    : { file, source, values: {}, definition };
}

function fittingOf(
  definition: Definition,
  given: Readonly<Record<string, unknown>>,
  catalog: Catalog,
): Record<string, unknown> {
  const wrong = new Set(inputProblems(definition, given, catalog).map(({ field }) => field));
  return Object.fromEntries(Object.entries(given).filter(([field]) => !wrong.has(field)));
}
