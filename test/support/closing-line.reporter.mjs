/** Prints `N passed, N failed` as the very last line of a run; a suite that could not run at all counts as one failure. */
export default class ClosingLineReporter {
  onRunComplete(_, results) {
    this.line = closingLine(results);
    // Other reporters print their summaries now too; ours comes when they are done.
    process.once('exit', () => process.stdout.write(`${this.line}\n`));
  }
}

/** The line for Jest's totals. */
export function closingLine({
  numPassedTests,
  numFailedTests,
  numRuntimeErrorTestSuites,
  numPendingTests,
  numTodoTests,
}) {
  const skipped = numPendingTests + numTodoTests;
  const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
