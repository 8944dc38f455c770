import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';

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
}

/** Reads YAML; syntax errors become problems. */
export function readSource(text: string, file: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source: SourceDocument = { file, document, lines, problems: [] };
  for (const error of document.errors)
    report(source, error.pos[0], '', error.message, 'mend the YAML: check indentation, colons and quotes');
  return source;
}

/** The plain value of a document; an alias without its anchor, or far too many of them, is a problem like any other. */
export function valueOf(source: SourceDocument): unknown {
  try {
    return source.document.toJS({ maxAliasCount: 50 }) as unknown;
  } catch (error) {
    report(source, 0, '', (error as Error).message, 'write the value out instead of *name');
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

/** The line, from 1, where the value at a path begins. */
export function lineAt(source: SourceDocument, path: Path): number {
  return Math.max(source.lines.linePos(offsetOf(source.document, path, false)).line, 1);
}

function report(source: SourceDocument, offset: number, path: string, message: string, mend: string): void {
  const { line, col } = source.lines.linePos(offset);
  source.problems.push({
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

function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}
