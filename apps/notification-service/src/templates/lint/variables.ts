import type { Origin } from '../engine.js';
import { finder } from './finding.js';
import type { Finding } from './finding.js';
import { shapeNames, wanted } from './shapes.js';
import type { Shape } from './shapes.js';

const error = finder('error');

/** A parsed source and where it stands. */
export interface Parsed {
  origin: Origin;
  program: hbs.AST.Program;
}

/** The shapes that `this`, `..`, `../..` … have at a place, innermost first. */
type Scopes = readonly Shape[];

/**
 * Follows every branch of a template, also those that the sample data does not take, and tells what it reads that the
 * data does not hold, or that is of another type than the place wants.
 */
export class Variables {
  private readonly findings = new Map<string, Finding>();
  /** Partials being followed, so that one that calls itself is told instead of followed for ever. */
  private readonly inside: string[] = [];

  constructor(private readonly partials: ReadonlyMap<string, readonly Parsed[]>) {}

  /** Follows sources with the data they are given. */
  follow(sources: readonly Parsed[], scopes: Scopes): void {
    for (const { origin, program } of sources)
      for (const statement of program.body) this.statement(statement, origin, scopes);
  }

  found(): Finding[] {
    return [...this.findings.values()];
  }

  private statement(statement: hbs.AST.Statement, origin: Origin, scopes: Scopes): void {
    if (statement.type === 'MustacheStatement')
      this.output(statement as hbs.AST.MustacheStatement, origin, scopes);
    if (statement.type === 'BlockStatement') this.block(statement as hbs.AST.BlockStatement, origin, scopes);
    if (statement.type === 'PartialStatement')
      this.partial(statement as hbs.AST.PartialStatement, origin, scopes);
  }

  private output(statement: hbs.AST.MustacheStatement, origin: Origin, scopes: Scopes): void {
    if (statement.params.length > 0) return this.call(statement, origin, scopes);
    const shape = this.shapeOf(statement.path, origin, scopes);
    if (shape?.kind === 'list' || shape?.kind === 'fields')
      this.tell(
        'variable_type',
        statement,
        origin,
        `is ${shapeNames[shape.kind]}, which cannot be written out`,
      );
  }

  private call(
    { path, params, hash }: Pick<hbs.AST.MustacheStatement, 'path' | 'params'> & { hash?: hbs.AST.Hash },
    origin: Origin,
    scopes: Scopes,
  ): void {
    const helper = (path as hbs.AST.PathExpression).original;
    for (const [index, parameter] of params.entries())
      this.expect(wanted[helper]?.[index], helper, parameter, origin, scopes);
    for (const { value } of hash?.pairs ?? []) this.expect(undefined, helper, value, origin, scopes);
  }

  private expect(
    want: Shape['kind'] | undefined,
    helper: string,
    parameter: hbs.AST.Expression,
    origin: Origin,
    scopes: Scopes,
  ): void {
    const shape = this.shapeOf(parameter, origin, scopes);
    if (!shape || !want || shape.kind === want || shape.kind === 'nothing') return;
    this.tell(
      'variable_type',
      parameter,
      origin,
      `is ${shapeNames[shape.kind]}; "${helper}" wants ${shapeNames[want]}`,
    );
  }

  private block(statement: hbs.AST.BlockStatement, origin: Origin, scopes: Scopes): void {
    this.call(statement, origin, scopes);
    const helper = (statement.path as hbs.AST.PathExpression).original;
    const inner = this.innerScopes(helper, statement, origin, scopes);
    // Parsing leaves an absent half undefined, whatever the types say.
    const { program, inverse } = statement as Partial<hbs.AST.BlockStatement>;
    if (program && inner && !this.never(statement, scopes)) this.follow([{ origin, program }], inner);
    if (inverse) this.follow([{ origin, program: inverse }], scopes);
  }

  /** Whether an `if` can never hold. */
  private never({ path, params }: hbs.AST.BlockStatement, scopes: Scopes): boolean {
    const asked = params[0] as hbs.AST.PathExpression | undefined;
    if ((path as hbs.AST.PathExpression).original !== 'if' || asked?.type !== 'PathExpression') return false;
    return readPath(scopes[asked.depth], asked.parts)?.kind === 'absent';
  }

  /** Null where a mistake was told already and following would only repeat it. */
  private innerScopes(
    helper: string,
    { params }: hbs.AST.BlockStatement,
    origin: Origin,
    scopes: Scopes,
  ): Scopes | null {
    if (helper !== 'each' && helper !== 'with') return scopes;
    const shape = params[0] && this.shapeOf(params[0], origin, scopes);
    if (shape?.kind === 'list' && helper === 'each') return [shape.item, ...scopes];
    if (shape?.kind === 'fields' && helper === 'with') return [shape, ...scopes];
    return null;
  }

  private partial(statement: hbs.AST.PartialStatement, origin: Origin, scopes: Scopes): void {
    const name = (statement.name as hbs.AST.PathExpression).original;
    const partial = this.partials.get(name);
    if (!partial)
      return this.tell('word_missing', statement, origin, 'is called, but there are no words for it');
    if (this.inside.includes(name))
      return this.tell('partial_endless', statement, origin, 'calls itself without end');
    this.inside.push(name);
    this.follow(partial, scopes);
    this.inside.pop();
  }

  /** The shape of what an expression reads; null when it is not in the data (told) or not known. */
  private shapeOf(expression: hbs.AST.Expression, origin: Origin, scopes: Scopes): Shape | null {
    if (expression.type === 'NumberLiteral') return { kind: 'number' };
    if (expression.type === 'StringLiteral') return { kind: 'text' };
    if (expression.type === 'SubExpression') {
      this.call(expression as hbs.AST.SubExpression, origin, scopes);
      return null;
    }
    if (expression.type !== 'PathExpression') return null;
    const path = expression as hbs.AST.PathExpression;
    // `@index` and the like belong to Handlebars.
    if (path.data) return null;
    const shape = readPath(scopes[path.depth], path.parts);
    if (!shape) this.tell('variable_missing', path, origin, 'is not in the sample data');
    return shape;
  }

  private tell(code: string, node: hbs.AST.Node, { file, line }: Origin, what: string): void {
    const name = nameOf(node);
    const finding = error(
      code,
      file,
      line + node.loc.start.line - 1,
      name === '' ? what : `"${name}" ${what}`,
    );
    this.findings.set(`${finding.file}:${finding.line}:${finding.message}`, finding);
  }
}

function readPath(from: Shape | undefined, parts: readonly string[]): Shape | null {
  let shape = from;
  for (const part of parts) {
    if (shape?.kind === 'nothing') return shape;
    if (shape?.kind !== 'fields' || !Object.hasOwn(shape.fields, part)) return null;
    shape = shape.fields[part];
  }
  return shape ?? null;
}

/** Where nodes of the syntax tree keep what they are called. */
type Named = Partial<Record<'path' | 'name', hbs.AST.PathExpression>> & { original?: string };

function nameOf(node: hbs.AST.Node): string {
  const { original, path, name } = node as Named;
  return original ?? path?.original ?? name?.original ?? '';
}
