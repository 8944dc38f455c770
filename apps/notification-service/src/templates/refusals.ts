import Handlebars from 'handlebars';

/** What a source of a template must not do; thrown with the place where it does. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly loc: hbs.AST.SourceLocation,
  ) {
    super(message);
  }
}

/** Names by which an object leads out of its data, to the code behind it. */
const prototypes = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** How deep blocks may stand in each other: a list of lists of lists multiplies. */
const DEPTH = 8;

/** Throws `Refused` for what Handlebars can and a template must not: raw output, prototypes, partials chosen by data, decorators. */
export function refuseUntrusted(program: hbs.AST.Program): void {
  new Refusals().accept(program);
}

class Refusals extends Handlebars.Visitor {
  private depth = 0;

  override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
    if (!statement.escaped)
      throw new Refused('output must be escaped; write {{…}} with two braces and no &', statement.loc);
    super.MustacheStatement(statement);
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    const name = path.parts.find((part) => prototypes.has(part));
    if (name !== undefined)
      throw new Refused(`"${name}" leads out of the data; a template reads data only`, path.loc);
  }

  override PartialStatement(statement: hbs.AST.PartialStatement): void {
    if (statement.name.type !== 'PathExpression')
      throw new Refused('a partial is named, never chosen by data', statement.loc);
    super.PartialStatement(statement);
  }

  override BlockStatement(statement: hbs.AST.BlockStatement): void {
    this.depth += 1;
    if (this.depth > DEPTH)
      throw new Refused(`blocks stand in each other more than ${DEPTH} deep`, statement.loc);
    super.BlockStatement(statement);
    this.depth -= 1;
  }

  override PartialBlockStatement(statement: hbs.AST.PartialBlockStatement): void {
    throw new Refused('a partial has no block of its own here', statement.loc);
  }

  override DecoratorBlock(statement: hbs.AST.DecoratorBlock): void {
    throw new Refused('decorators are not known here', statement.loc);
  }

  override Decorator(statement: hbs.AST.Decorator): void {
    throw new Refused('decorators are not known here', statement.loc);
  }
}
