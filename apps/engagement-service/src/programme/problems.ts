import { DomainError } from '#libs/platform';
import type { FieldError, YamlProblem } from '#libs/platform';
import type { Problem } from '#libs/workflow';

/** A problem as one line for people: where, what, and the mend. */
export const lineOf = ({ file, line, path, message, mend }: Problem): string =>
  `${file}:${line}: ${path === '' ? '' : `${path}: `}${message}${mend === '' ? '' : `; ${mend}`}`;

/** A problem as a field of problem+json. */
export const fieldOf = (problem: Problem): FieldError => ({ path: problem.path, message: lineOf(problem) });

/** A problem as the start of a service tells it. */
export const asYamlProblem = (problem: Problem, place: string): YamlProblem => ({
  file: `${place}/${problem.file}`,
  line: problem.line,
  message: [problem.path, problem.message, problem.mend].filter(Boolean).join(': '),
});

/** The refusal of files that do not fit together; nothing of them is applied. */
export const programmeWrong = (problems: readonly Problem[]): DomainError =>
  new DomainError(
    'programme_wrong',
    422,
    `The programme has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}; nothing was applied, see "errors".`,
    problems.slice(0, 200).map(fieldOf),
  );

/** The refusal of a single workflow. */
export const workflowWrong = (problems: readonly Problem[]): DomainError =>
  new DomainError(
    'workflow_wrong',
    422,
    'The workflow has mistakes; see "errors".',
    problems.slice(0, 200).map(fieldOf),
  );
