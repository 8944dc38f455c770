import { isUtf8 } from 'node:buffer';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ProgrammeError } from './yaml.js';

/** The texts of a folder by their paths in it, with forward slashes: files with one of these endings, none that is hidden. */
export function readFolder(folder: string, endings: readonly string[]): Record<string, string> {
  const files = pathsIn(folder).filter((path) => endings.some((ending) => path.endsWith(ending)));
  return Object.fromEntries(files.sort().map((path) => [path, textOf(join(folder, path))]));
}

/** Brings a folder to these files and no others with these endings. A path that would leave it is refused before it is written. */
export function writeFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
  endings: readonly string[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const path of Object.keys(readFolder(folder, endings)))
    if (!Object.hasOwn(files, path)) rmSync(join(folder, path));
  for (const [path, text] of Object.entries(files)) {
    if (path.split(/[\\/]/).some((part) => part === '' || part.startsWith('.')))
      throw ProgrammeError.at(path, 1, 'this is no path inside a folder');
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length))
      .map((path) => path.split(sep).join('/'))
      .filter((path) => !/(^|\/)\./.test(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw ProgrammeError.at(folder, 1, code === 'ENOENT' ? 'there is no such folder' : message);
  }
}

// What is not UTF-8 would come back otherwise than it was.
function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw ProgrammeError.at(file, 1, 'this is no UTF-8 text; save it as UTF-8');
  return bytes.toString('utf8');
}
