import type { Problem } from '#libs/workflow';

/** The files of a programme: their texts by their paths from its folder, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** What may stand in a programme; anything else a folder holds is left alone. */
export const ENDINGS = ['.yaml', '.mjml', '.txt', '.json', '.svg'] as const;

const MAX_FILES = 500;
// As JSON, with its escapes, it must fit into a request of 5 MB.
const MAX_BYTES = 4 * 1024 * 1024;
// It is asked for in one answer of a service, and nobody writes longer ones.
const MAX_FILE_BYTES = 512 * 1024;
const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** What is wrong with the files as files: where they want to stand, how many, how large. */
export function bundleProblems(files: Files): Problem[] {
  const paths = Object.keys(files);
  const problems = paths.flatMap((path) => fileProblem(path, files[path]!) ?? []);
  if (paths.length > MAX_FILES)
    problems.push(at('', `there are ${paths.length} files`, `a programme has at most ${MAX_FILES}`));
  const bytes = paths.reduce((sum, path) => sum + bytesOf(files[path]!), 0);
  if (bytes > MAX_BYTES)
    problems.push(at('', `the files have ${bytes} bytes`, `a programme has at most ${MAX_BYTES}`));
  return problems;
}

function fileProblem(path: string, text: string): Problem | null {
  if (!PATH.test(path) || path.length > 200 || path.includes('..'))
    return at(
      path,
      'this is no path inside a programme',
      'use a relative path such as workflows/welcome.yaml',
    );
  if (!ENDINGS.some((ending) => path.endsWith(ending)))
    return at(path, 'such a file has no place in a programme', `use ${ENDINGS.join(', ')}`);
  const bytes = bytesOf(text);
  return bytes > MAX_FILE_BYTES
    ? at(path, `the file has ${bytes} bytes`, `a file has at most ${MAX_FILE_BYTES}`)
    : null;
}

/** A problem with a file as a whole. */
export function at(file: string, message: string, mend: string): Problem {
  return { file: file === '' ? '(programme)' : file, line: 1, column: 1, path: '', message, mend };
}

// The length in UTF-8, without a runtime's help.
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Half of a surrogate pair is half of four bytes.
    bytes += code < 0x80 ? 0 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** The names of the files in a folder that end so, without the ending: `namesIn(files, 'workflows/', '.yaml')`. */
export function namesIn(files: Files, folder: string, ending: string): string[] {
  return Object.keys(files)
    .filter((path) => path.startsWith(folder) && path.endsWith(ending))
    .map((path) => path.slice(folder.length, -ending.length))
    .filter((name) => !name.includes('/'))
    .sort();
}
