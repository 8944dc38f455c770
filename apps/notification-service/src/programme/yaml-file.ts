import { readFile } from 'node:fs/promises';
import { LineCounter, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { FileProblem } from './file-problem.js';

/** The checked content of a YAML file, and where in the file each part of it stands. */
export interface YamlFile<T> {
  file: string;
  content: T;
  /** Line (from 1) of a key's value; of the nearest parent when the value is absent. */
  lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads and checks a YAML file. Throws a FileProblem that names the line. */
export async function readYaml<S extends z.ZodType>(file: string, schema: S): Promise<YamlFile<z.infer<S>>> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw new FileProblem(file, lines.linePos(broken.pos[0]).line, broken.message.split('\n')[0]!);
  const lineOf = (path: readonly (string | number)[]): number => lineIn(document, lines, path);
  const checked = schema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (checked.success) return { file, content: checked.data, lineOf };
  const issue = checked.error.issues[0]!;
  const path = issue.path as (string | number)[];
  throw new FileProblem(file, lineOf(path), `${path.join('.') || 'the file'}: ${issue.message}`);
}

/** Reads a text file; a missing one is a problem in words, not a stack trace. */
export async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FileProblem(file, 1, error.code === 'ENOENT' ? 'this file is missing; add it' : error.message);
  });
}

function lineIn(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
