import { Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';

/** A mistake in a workflow file: where, what, and how to mend it. Lines and columns count from 1. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  path: string;
  message: string;
  mend: string;
}

/** Keys and list positions from the root of the document. */
export type Path = readonly (string | number)[];

/** A YAML text read with positions. */
export interface SourceDocument {
  file: string;
  document: Document;
  lines: LineCounter;
  problems: Problem[];
  /** What is allowed and yet hardly meant. */
  warnings: Problem[];
}

/** The longest workflow file, in characters: hundreds of times what a person writes. */
const MAX_CHARACTERS = 512_000;
/** The most lines, words and brackets of a file: reading YAML takes its time for each, and a thousand rich steps have fewer. */
const MAX_MARKS = 20_000;

const MARK = /[\n:,[{]/g;

/** Reads YAML; syntax errors become problems. */
export function readSource(text: string, file: string): SourceDocument {
  const lines = new LineCounter();
  if (text.length > MAX_CHARACTERS)
    return refused(file, lines, `the file has ${text.length} characters`, 'make several workflows of it');
  if ((text.match(MARK)?.length ?? 0) > MAX_MARKS)
    return refused(
      file,
      lines,
      `the file holds more than ${MAX_MARKS} words`,
      'make several workflows of it',
    );
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch {
    // The reader goes down a level for each bracket, and the stack ends before a file of brackets does.
    return refused(file, lines, 'blocks stand in blocks far too deep', 'write it flatter');
  }
  const source: SourceDocument = { file, document, lines, problems: [], warnings: [] };
  // What follows a mistake of syntax is mostly read wrong because of it, so the first one is told.
  const [first, ...others] = document.errors;
  for (const error of first ? [first, ...others.filter(({ code }) => code === 'DUPLICATE_KEY')] : [])
    report(source, error.pos[0], '', plainly(error.message), mendOf(error.code));
  return source;
}

function refused(file: string, lines: LineCounter, message: string, mend: string): SourceDocument {
  const source: SourceDocument = { file, document: new Document(null), lines, problems: [], warnings: [] };
  report(source, 0, '', message, mend);
  return source;
}

function plainly(message: string): string {
  return message === 'Map keys must be unique' ? 'the same word stands here twice' : message;
}

function mendOf(code: string): string {
  return code === 'DUPLICATE_KEY'
    ? 'keep one of the two'
    : 'mend the YAML: check indentation, colons and quotes';
}

/** The plain value of a document; an alias without its anchor or of itself, or far too many, is a problem like any other. */
export function valueOf(source: SourceDocument): unknown {
  try {
    const value = source.document.toJS({ maxAliasCount: 50 }) as unknown;
    // Fails for a value that holds itself, which nothing could be read from.
    JSON.stringify(value);
    return value;
  } catch (error) {
    const itself = error instanceof TypeError;
    const message = itself ? 'a value holds itself' : (error as Error).message;
    report(source, 0, '', message, 'write the value out instead of *name');
    return null;
  }
}

/** Notes a problem at the value, or, where there is none, at its nearest parent; `atKey` points at the key itself. */
export function problemAt(
  source: SourceDocument,
  path: Path,
  message: string,
  mend: string,
  atKey = false,
): void {
  report(source, offsetOf(source.document, path, atKey), pathText(path), message, mend);
}

/** Notes a warning like a problem. */
export function warningAt(source: SourceDocument, path: Path, message: string, mend: string): void {
  report(source, offsetOf(source.document, path, false), pathText(path), message, mend, source.warnings);
}

/** The line, from 1, where the value at a path begins. */
export function lineAt(source: SourceDocument, path: Path): number {
  return Math.max(source.lines.linePos(offsetOf(source.document, path, false)).line, 1);
}

function report(
  source: SourceDocument,
  offset: number,
  path: string,
  message: string,
  mend: string,
  into: Problem[] = source.problems,
): void {
  const { line, col } = source.lines.linePos(offset);
  into.push({
    file: source.file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
    path,
    message,
    mend,
  });
}

function offsetOf(document: Document, path: Path, atKey: boolean): number {
  for (let length = path.length; length >= 0; length--) {
    const found =
      atKey && length > 0
        ? keyOffset(document, path.slice(0, length))
        : valueOffset(document, path.slice(0, length));
    if (found !== null) return found;
  }
  return 0;
}

function valueOffset(document: Document, path: Path): number | null {
  const node = (path.length === 0 ? document.contents : document.getIn(path, true)) as
    Node | null | undefined;
  return node?.range?.[0] ?? null;
}

function keyOffset(document: Document, path: Path): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return null;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}

/** A path as people read it: steps[0].send.template. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}
