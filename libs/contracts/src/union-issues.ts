import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a value that may have several shapes, as seen from the shape that was meant: one whose kind (object, list, text) is
 * that of the value, and of these the one with the least to mend.
 */
export function unfolded(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const isOtherKind = (issues: readonly Issue[]): boolean =>
    issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  const [closest] = issue.errors.toSorted(
    (a, b) => Number(isOtherKind(a)) - Number(isOtherKind(b)) || a.length - b.length,
  );
  if (!closest || closest.length === 0) return [issue];
  return closest.flatMap((inner) => unfolded({ ...inner, path: [...issue.path, ...inner.path] }));
}
