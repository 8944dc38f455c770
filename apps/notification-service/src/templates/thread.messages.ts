import { DomainError, ProgrammeError } from '#libs/platform';
import type { FieldError, YamlProblem } from '#libs/platform';
import type { Catalogue } from './catalogue.js';
import type { Finding } from './lint/finding.js';
import type { Loading } from './loader.js';
import type { Structure } from './sources.js';
import type { Letter, Order } from './writer.js';

/** What a thread can be asked; `use` comes before `write`. */
export interface Questions {
  /** Takes templates; with `describe`, every sample is written as well and what there is is told. */
  use: {
    ask: Loading & { describe: boolean };
    answer: { catalogue: Catalogue | null; structures: Structure[] };
  };
  /** Writes letters with the templates in use; one that cannot be written does not hinder the others. */
  write: { ask: Order[]; answer: Written[] };
  /** Looks at one template of a folder that is not in use. */
  look: { ask: Loading & { only: string; locale?: string | undefined }; answer: Look };
}
export type Kind = keyof Questions;

export type Written = { letter: Letter } | { error: ErrorAsData };

/** What is to say about a template, and how it looks, where it could be written. */
export interface Look {
  findings: Finding[];
  letter: Letter | null;
}

/** Where in an order a thread is; it can be read while it works. */
export const progressOf = (memory: SharedArrayBuffer): Int32Array => new Int32Array(memory);

/** Errors lose their classes on the way between threads. */
export type ErrorAsData =
  | { kind: 'programme'; problems: readonly YamlProblem[] }
  | { kind: 'domain'; code: string; status: number; detail: string; fields: FieldError[] }
  | { kind: 'other'; message: string };

export function errorAsData(error: unknown): ErrorAsData {
  if (error instanceof ProgrammeError) return { kind: 'programme', problems: error.problems };
  if (error instanceof DomainError) {
    const { code, status, message: detail, fields } = error;
    return { kind: 'domain', code, status, detail, fields };
  }
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}

export function errorFrom(data: ErrorAsData): Error {
  if (data.kind === 'programme') return new ProgrammeError(data.problems);
  if (data.kind === 'domain') return new DomainError(data.code, data.status, data.detail, data.fields);
  return new Error(data.message);
}
