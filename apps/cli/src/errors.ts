/** A failure the user can mend: its message is one friendly paragraph, printed without a stack trace. */
export class LaunchError extends Error {
  override name = 'LaunchError';
}

/** The code of a Node or PostgreSQL error (`ENOENT`, `42501`), or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
