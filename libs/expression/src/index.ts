/** CEL for workflows and rules: compiled and type-checked when saved, evaluated synchronously on given facts. */
export { compileExpression } from './compile.js';
export type { Compiled, CompileOptions } from './compile.js';
export type { ExpressionError } from './ast.js';
export type { ScopeName } from './environment.js';
export type { Evaluated, Expression, Values } from './evaluate.js';
export { NO_FACTS } from './facts.js';
export type { Facts, Impact, Need } from './facts.js';
export type { PersonAttributes } from './person.js';
export { audienceSql } from './sql/translate.js';
export type { AddParameter, Sql, SqlOptions } from './sql/terms.js';
export { fieldsOf, itemOf, shapeOf, unionOf } from './shape.js';
export type { JsonSchema, Shape } from './shape.js';
export type { Shapes } from './typed.js';
export { didYouMean, nearest } from './suggest.js';
