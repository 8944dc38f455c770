import Handlebars from 'handlebars';
import { FileProblem } from '../programme/file-problem.js';

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

/**
 * Handlebars for sources that somebody else wrote: only strings are compiled, only listed helpers exist,
 * prototypes are out of reach (its defaults), and a variable that is not there is an error rather than a hole in a mail.
 */
export class Engine {
  private readonly handlebars = Handlebars.create();
  private readonly options: CompileOptions;

  constructor(helpers: Record<string, Handlebars.HelperDelegate>) {
    this.handlebars.registerHelper(helpers);
    const allowed = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
    // `log` would write mail data to stdout; `lookup` reaches what a reviewer cannot see.
    const knownHelpers = { ...allowed, log: false, lookup: false } as Record<string, boolean>;
    this.options = { knownHelpers, knownHelpersOnly: true, strict: true, preventIndent: true };
  }

  /** Compiles a structure. Throws a FileProblem when its syntax is wrong. */
  compile(source: string, mode: Mode, origin: Origin): Rendering {
    return this.build(this.parse(source, origin), mode, origin);
  }

  /** Compiles words: plain text in which `**…**` is strong; the words themselves are escaped in HTML like the data in them. */
  compileWords(words: string, mode: Mode, origin: Origin): Rendering {
    const program = this.parse(words.trim(), origin);
    const plain = mode === 'html' ? strongIn(Handlebars.escapeExpression) : (text: string) => text.replaceAll('**', '');
    for (const statement of contentsOf(program)) statement.value = plain(statement.value);
    return this.build(program, mode, origin);
  }

  private parse(source: string, origin: Origin): hbs.AST.Program {
    return located(origin, () => this.handlebars.parse(source));
  }

  private build(program: hbs.AST.Program, mode: Mode, origin: Origin): Rendering {
    const options = { ...this.options, noEscape: mode === 'text' };
    const template = located(origin, () => this.handlebars.compile<Context>(program, options as CompileOptions));
    return (context, runtime) => located(origin, () => template(context, runtime));
  }
}

/** Turns `**` into opening and closing tags by turns, also across expressions. */
function strongIn(escape: (text: string) => string): (text: string) => string {
  let open = false;
  return (text) => escape(text).replaceAll('\n', '<br />').replaceAll('**', () => ((open = !open) ? '<strong>' : '</strong>'));
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
function located<T>(origin: Origin, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const { message, lineNumber } = error as Error & { lineNumber?: number };
    const line = lineNumber ?? Number(/line (\d+)/.exec(message)?.[1] ?? 1);
    throw new FileProblem(origin.file, origin.line + line - 1, sentence(message));
  }
}

function sentence(message: string): string {
  const missing = /^"(.+)" not defined in/.exec(message)?.[1];
  if (missing) return `"${missing}" is not in the data; send it, or give it a value under "defaults" in the sample file`;
  return message
    .split('\n')
    .filter((line) => !/^-*\^$/.test(line.trim()))
    .join(' ')
    .replace(/ - \d+:\d+$/, '');
}
