import Handlebars from 'handlebars';
import { ProgrammeError } from '#libs/platform';
import { Refused, refuseUntrusted } from './refusals.js';

/** HTML escapes what comes from data; plain text has nothing to escape. */
export type Mode = 'html' | 'text';
export type Context = Record<string, unknown>;
/** A compiled word or structure; also what Handlebars calls as a partial. */
export type Rendering = (context: Context, options?: Handlebars.RuntimeOptions) => string;
/** Where a source stands, for errors. */
export interface Origin {
  file: string;
  /** Line of the file that the first line of the source stands on. */
  line: number;
}

/** A helper was given something that the data does not hold. */
class Missing extends Error {
  constructor(readonly loc: hbs.AST.SourceLocation) {
    super('missing');
  }
}

/**
 * Handlebars for sources that somebody else wrote: only strings are compiled, only listed helpers exist,
 * prototypes are out of reach (its defaults), and a variable that is not there is an error rather than a hole in a mail.
 */
export class Engine {
  private readonly handlebars = Handlebars.create();
  private readonly options: CompileOptions;

  constructor(helpers: Record<string, Handlebars.HelperDelegate>) {
    const { if: when, unless, each, with: within } = this.handlebars.helpers as typeof helpers;
    const all = { ...helpers, if: when!, unless: unless!, each: each!, with: within! };
    for (const [name, helper] of Object.entries(all)) this.handlebars.registerHelper(name, strictly(helper));
    const allowed = Object.fromEntries(Object.keys(all).map((name) => [name, true]));
    // `log` would write mail data to stdout; `lookup` reaches what a reviewer cannot see.
    const knownHelpers = { ...allowed, log: false, lookup: false } as Record<string, boolean>;
    this.options = { knownHelpers, knownHelpersOnly: true, strict: true, preventIndent: true };
  }

  /** Compiles a structure. Throws a ProgrammeError when its syntax is wrong. */
  compile(source: string, mode: Mode, origin: Origin): Rendering {
    return this.build(parse(source, origin), source, mode, origin);
  }

  /** Compiles words: plain text in which `**…**` is strong; the words themselves are escaped in HTML like the data in them. */
  compileWords(words: string, mode: Mode, origin: Origin): Rendering {
    const source = words.trim();
    const program = parse(source, origin);
    const plain =
      mode === 'html' ? strongIn(Handlebars.escapeExpression) : (text: string) => text.replaceAll('**', '');
    for (const statement of contentsOf(program)) statement.value = plain(statement.value);
    return this.build(program, source, mode, origin);
  }

  private build(program: hbs.AST.Program, source: string, mode: Mode, origin: Origin): Rendering {
    // Compiling passes over white space once more, so it must be told as well.
    const options = { ...this.options, ...asWritten, noEscape: mode === 'text' };
    const template = this.handlebars.compile<Context>(program, options);
    return (context, runtime) => located(source, origin, () => template(context, runtime));
  }
}

/** What a source says, once nothing in it is refused. Throws a ProgrammeError with its line. */
export function parse(source: string, origin: Origin): hbs.AST.Program {
  return located(source, origin, () => {
    const program = Handlebars.parse(source, asWritten);
    refuseUntrusted(program);
    return program;
  });
}

/** A line that holds only a tag keeps its line break: in plain text it is a paragraph's end. */
const asWritten = { ignoreStandalone: true };

/** Handlebars' strict mode looks at what is printed but not at what helpers are given; this does. */
function strictly(helper: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function (this: unknown, ...given: unknown[]): unknown {
    const options = given.at(-1) as { loc: hbs.AST.SourceLocation };
    if (given.includes(undefined)) throw new Missing(options.loc);
    return (helper as (...parameters: unknown[]) => unknown).apply(this, given);
  };
}

/** Turns `**` into opening and closing tags by turns, also across expressions. */
function strongIn(escape: (text: string) => string): (text: string) => string {
  let open = false;
  const tag = (): string => {
    open = !open;
    return open ? '<strong>' : '</strong>';
  };
  return (text) => escape(text).replaceAll('\n', '<br />').replaceAll('**', tag);
}

function* contentsOf(program: hbs.AST.Program | undefined): Generator<hbs.AST.ContentStatement> {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'ContentStatement') yield statement as hbs.AST.ContentStatement;
    const block = statement as Partial<hbs.AST.BlockStatement>;
    if (block.program) yield* contentsOf(block.program);
    if (block.inverse) yield* contentsOf(block.inverse);
  }
}

/** Handlebars' errors end in ` - line:column` of the source; the reader wants the line of the file. */
function located<T>(source: string, origin: Origin, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProgrammeError) throw error;
    const { what, line } = mistakeIn(source, error as Error);
    throw ProgrammeError.at(origin.file, origin.line + line - 1, what);
  }
}

function mistakeIn(source: string, error: Error): { what: string; line: number } {
  if (error instanceof Missing) return missing(source, error.loc);
  if (error instanceof Refused) return { what: error.message, line: error.loc.start.line };
  // A partial that calls itself has no end.
  if (error instanceof RangeError)
    return { what: `its parts call each other without end (${error.message})`, line: 1 };
  return parsed(error);
}

const mend = 'is not in the data; send it, or give it a value under "defaults" in the sample file';

function missing(source: string, { start, end }: hbs.AST.SourceLocation): { what: string; line: number } {
  const line = source.split('\n')[start.line - 1]!;
  const text = line.slice(start.column, end.line === start.line ? end.column : undefined);
  const [expression] = /^\{*[^}]*\}*/.exec(text)!;
  return { what: `what ${expression} reads ${mend}`, line: start.line };
}

function parsed({ message, lineNumber }: Error & { lineNumber?: number }): { what: string; line: number } {
  const line = lineNumber ?? Number(/line (\d+)/.exec(message)?.[1] ?? 1);
  const name = /^"(.+)" not defined in/.exec(message)?.[1];
  if (name) return { what: `"${name}" ${mend}`, line };
  const lines = message
    // Handlebars repeats a character it does not know, as it is.
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .split('\n')
    .filter((text) => !/^-*\^$/.test(text.trim()));
  return { what: lines.join(' ').replace(/ - \d+:\d+$/, ''), line };
}
