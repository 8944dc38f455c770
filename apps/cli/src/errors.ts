/** A failure the user can mend: its message is one friendly paragraph, printed without a stack trace. */
export class LaunchError extends Error {
  override name = 'LaunchError';
}

/** The code of a Node or PostgreSQL error (`ENOENT`, `42501`), or an empty string. */
export function codeOf(error: unknown): string {
  // Not by `instanceof`: an error that Node throws inside a Jest test is of another realm.
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
