import { readFileSync } from 'node:fs';
import { LineCounter, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { z } from 'zod';

/** One mistake in a file of the programme, readable as `file:line: what`. */
export interface YamlProblem {
  file: string;
  line: number;
  message: string;
}

/** All mistakes of a file at once; nothing of it is applied. */
export class ProgrammeError extends Error {
  constructor(readonly problems: readonly YamlProblem[]) {
    super(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }

  /** A single mistake. */
  static at(file: string, line: number, message: string): ProgrammeError {
    return new ProgrammeError([{ file, line, message }]);
  }
}

/** The checked content of a YAML file, and where in the file each part of it stands. */
export interface YamlFile<T> {
  file: string;
  content: T;
  /** Line (from 1) on which the value at the path begins; of the nearest parent when there is none. */
  lineOf: (path: readonly PropertyKey[]) => number;
}

/** Reads a YAML file by its schema. Throws `ProgrammeError` naming file and line of every mistake. */
export function readYaml<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
  return readYamlFile(file, schema).content;
}

/** As `readYaml`, for who has to tell of mistakes in the values later. */
export function readYamlFile<S extends z.ZodType>(file: string, schema: S): YamlFile<z.infer<S>> {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw new ProgrammeError(
      document.errors.map(({ pos, message }) => ({ file, line: lineAt(pos[0]), message })),
    );
  const result = schema.safeParse(plain(file, document));
  if (!result.success)
    throw new ProgrammeError(
      result.error.issues.flatMap(mistakesOf).map(({ path, message }) => ({
        file,
        line: lineAt(find(document, path).offset),
        message: `${path.join('.') || '(file)'}: ${message}`,
      })),
    );
  return { file, content: result.data, lineOf: (path) => lineOfValue(find(document, path), lineAt) };
}

/** Reads a text file of the programme; one that is missing is a mistake like any other. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw ProgrammeError.at(file, 1, code === 'ENOENT' ? 'this file is missing; add it' : message);
  }
}

/** Aliases that would unfold without bounds are refused here. */
function plain(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw ProgrammeError.at(file, 1, (error as Error).message);
  }
}

/** Unknown keys are told at their own lines instead of their parent's. */
function mistakesOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
}

/** A place in a document: where its key (or list item) begins, and its value. */
interface Place {
  value: unknown;
  offset: number;
}

/** The deepest place on the path that exists: a missing key is told at its parent. */
function find(document: Document, path: readonly PropertyKey[]): Place {
  let place: Place = { value: document.contents, offset: 0 };
  for (const part of path) {
    const next = child(place.value, part);
    if (!next) break;
    place = next;
  }
  return place;
}

function child(node: unknown, part: PropertyKey): Place | null {
  if (isSeq(node)) {
    const item = node.items[Number(part)] as Node | undefined;
    return item ? { value: item, offset: item.range?.[0] ?? 0 } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isPair(item) && String(item.key) === String(part));
  return pair ? { value: pair.value, offset: (pair.key as Node).range?.[0] ?? 0 } : null;
}

/** A long text may begin below its key; that of a block (`|`, `>`) begins below its sign. */
function lineOfValue({ value, offset }: Place, lineAt: (offset: number) => number): number {
  const line = lineAt((value as Node | null)?.range?.[0] ?? offset);
  return isScalar(value) && value.type?.startsWith('BLOCK') ? line + 1 : line;
}
