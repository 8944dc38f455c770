import { readFileSync } from 'node:fs';
import { LineCounter, isMap, isPair, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { z } from 'zod';

/** One mistake in a YAML file, readable as `file:line: what`. */
export interface YamlProblem {
  file: string;
  line: number;
  message: string;
}

/** All mistakes of a programme at once; nothing of it is applied. */
export class ProgrammeError extends Error {
  constructor(readonly problems: readonly YamlProblem[]) {
    super(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }
}

/** Reads a YAML file by its schema. Throws `ProgrammeError` naming file and line of every mistake. */
export function readYaml<S extends z.ZodType>(file: string, schema: S): z.infer<S> {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ProgrammeError(
      document.errors.map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        message: error.message,
      })),
    );
  }
  const result = schema.safeParse(plain(file, document));
  if (result.success) return result.data;
  throw new ProgrammeError(
    result.error.issues.flatMap(mistakesOf).map(({ path, message }) => ({
      file,
      line: lineOf(document, path, lines),
      message: `${path.join('.') || '(file)'}: ${message}`,
    })),
  );
}

/** Aliases that would unfold without bounds are refused here. */
function plain(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ProgrammeError([{ file, line: 1, message: (error as Error).message }]);
  }
}

/** Unknown keys are told at their own lines instead of their parent's. */
function mistakesOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
}

/** The line of the deepest node on the path that exists: a missing key is told at its parent. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    const next = child(node, part);
    if (!next) break;
    offset = next.offset;
    node = next.value;
  }
  return lines.linePos(offset).line;
}

function child(node: unknown, part: PropertyKey): { value: unknown; offset: number } | null {
  if (isSeq(node)) {
    const item = node.items[Number(part)] as Node | undefined;
    return item ? { value: item, offset: item.range?.[0] ?? 0 } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isPair(item) && String(item.key) === String(part));
  return pair ? { value: pair.value, offset: (pair.key as Node).range?.[0] ?? 0 } : null;
}
