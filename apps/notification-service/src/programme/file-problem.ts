/** A programme file that cannot be used: `file:line: what, and the mend`. */
export class FileProblem extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    readonly what: string,
  ) {
    super(`${file}:${line}: ${what}`);
  }
}
