import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { ProgrammeSettings } from '#libs/contracts';
import { newId } from '#libs/platform';
import type { Catalogue } from './catalogue.js';
import type { Structure } from './sources.js';

/** What came of templates once all of them could be compiled and written. */
export interface CompiledFolder {
  structures: Structure[];
  catalogue: Catalogue;
}

/** So many are kept: what was in use before the last changes. */
const KEPT = 8;
const { version: mjml } = createRequire(import.meta.url)('mjml/package.json') as { version: string };

/** Compiled templates on disk, so that a start need not compile again what is as it was. Whoever can write to the folder can write mails. */
export class CompiledCache {
  constructor(private readonly directory: string) {}

  /** What was kept of a folder of templates under these settings; null when there is nothing, or nothing legible. */
  read(key: string): CompiledFolder | null {
    try {
      return deserialize(readFileSync(this.fileOf(key))) as CompiledFolder;
    } catch {
      return null; // not there, or of another Node: it is made anew
    }
  }

  /** A folder that cannot be written to costs time at the next start, and nothing else. */
  keep(key: string, compiled: CompiledFolder): void {
    const draft = join(this.directory, `${newId()}.draft`);
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      writeFileSync(draft, serialize(compiled), { mode: 0o600 });
      renameSync(draft, this.fileOf(key));
      this.sweep();
    } catch {
      rmSync(draft, { force: true });
    }
  }

  private fileOf(key: string): string {
    return join(this.directory, `${key}.templates`);
  }

  private sweep(): void {
    const files = readdirSync(this.directory)
      .filter((name) => name.endsWith('.templates'))
      .map((name) => join(this.directory, name))
      .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const file of files.slice(KEPT)) rmSync(file, { force: true });
  }
}

/** Names the templates of a folder by everything they are made of. */
export function keyOf(directory: string, settings: ProgrammeSettings): string {
  const hash = createHash('sha256').update(JSON.stringify([mjml, process.version, directory, settings]));
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted())
    hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}
