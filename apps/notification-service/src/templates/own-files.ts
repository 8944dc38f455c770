import { mkdtempSync, rmSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readFolder, writeFolder } from '#libs/platform';
import type { TemplateFiles } from './versions.query.js';

/** Endings of the files that templates are made of. */
const ENDINGS = ['.mjml', '.txt', '.yaml'];

/** The template that a file of the folder belongs to alone, or null for one that templates share. */
export function ownerOf(path: string, ids: ReadonlySet<string>): string | null {
  const parts = path.split('/');
  if (parts.length > 2 || (parts.length === 2 && /^(partials|structures)$/.test(parts[0]!))) return null;
  const ending = parts.length === 2 ? /\.yaml$/ : /\.(?:sample\.yaml|mjml|txt)$/;
  const id = parts.at(-1)!.replace(ending, '');
  return ids.has(id) && id !== parts.at(-1) ? id : null;
}

/** The files of a folder of templates that belong to one template each, by template. */
export function ownFilesIn(directory: string): Map<string, TemplateFiles> {
  const files = readFolder(directory, ENDINGS);
  const ids = new Set(
    Object.keys(files).flatMap((path) =>
      !path.includes('/') && path.endsWith('.sample.yaml') ? [basename(path, '.sample.yaml')] : [],
    ),
  );
  const own = new Map([...ids].map((id): [string, TemplateFiles] => [id, {}]));
  for (const [path, text] of Object.entries(files)) {
    const id = ownerOf(path, ids);
    if (id !== null) own.get(id)![path] = text;
  }
  return own;
}

/** A folder of templates in which some have other files than in the one it is made from; whoever makes it removes it. */
export async function withFiles(
  directory: string,
  replaced: ReadonlyMap<string, TemplateFiles>,
): Promise<{ directory: string; remove: () => void }> {
  // Nobody but this process reads it: mkdtemp makes it so.
  const folder = mkdtempSync(join(tmpdir(), 'laurel-templates-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await cp(directory, folder, { recursive: true });
    const before = ownFilesIn(folder);
    for (const [id, files] of replaced) {
      for (const path of Object.keys(before.get(id) ?? {})) await rm(join(folder, path));
      writeFolder(folder, files, []);
    }
    return { directory: folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The same files whatever their order. */
export const sameFiles = (first: TemplateFiles, second: TemplateFiles): boolean =>
  Object.keys(first).length === Object.keys(second).length &&
  Object.entries(first).every(([path, text]) => second[path] === text);
