import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

const ALIVE = 'alive';
/** How the name of a folder begins that nobody takes over: a person is to look into it. */
const ASIDE = 'set-aside.';
/** A process that has not been heard of for so long is taken to be dead, wherever it ran. */
const DEAD_AFTER_MS = 60_000;

/**
 * The folder of this process's journal, `<host>.<pid>.<chance>`, beside those of other replicas. Who is alive touches a file in it now
 * and then; the folder of a dead process is moved into that of the first who finds it, which only one can do.
 */
export class JournalFolder {
  private own: string | null = null;

  constructor(private readonly root: string) {}

  /** Made when it is first needed, and anew when another has taken it for a dead one's. */
  path(): string {
    if (this.own === null || !existsSync(this.own)) this.own = this.make();
    return this.own;
  }

  /** Says that this process is alive; false when another has taken its folder for a dead one's. */
  beat(): boolean {
    if (this.own === null) return true;
    try {
      touch(this.own);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Moves the folders of dead processes into this one's; returns the segments in them, oldest first. */
  takeOver(): string[] {
    if (!existsSync(this.root)) return [];
    const others = readdirSync(this.root).filter(
      (name) => join(this.root, name) !== this.own && !name.startsWith(ASIDE),
    );
    if (others.length === 0) return [];
    // The file system's clock is the only one that all replicas share; one that was stopped itself judges late, never early.
    const now = statSync(join(this.path(), ALIVE)).mtimeMs;
    const dead = others.filter((name) => this.isDead(name, now));
    return dead.flatMap((name) => this.take(name));
  }

  /** Leaves no empty folder behind; what is kept aside goes where no other process takes it over. */
  remove(): void {
    if (!this.own || !existsSync(this.own)) return;
    if (segmentsIn(this.own).length > 0) return;
    if (isEmpty(this.own)) rmSync(this.own, { recursive: true, force: true });
    else renameSync(this.own, join(this.root, ASIDE + basename(this.own)));
  }

  private make(): string {
    const path = join(this.root, `${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    writeFileSync(join(path, ALIVE), '.');
    return path;
  }

  private isDead(name: string, now: number): boolean {
    const [pid, host] = [Number(name.split('.').at(-2)), name.split('.').slice(0, -2).join('.')];
    // In containers the next process often has the number of the one before: whoever has ours and is not us is dead.
    if (host === hostname() && (pid === process.pid || !runs(pid))) return true;
    const seen = statSync(join(this.root, name, ALIVE), { throwIfNoEntry: false });
    return seen !== undefined && now - seen.mtimeMs > DEAD_AFTER_MS;
  }

  private take(name: string): string[] {
    const to = join(this.path(), name);
    try {
      renameSync(join(this.root, name), to);
    } catch (error) {
      // Another replica was first.
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
    return segmentsIn(to);
  }
}

/** Written in place: the file system sets the time by its own clock, and a full disk does not matter. */
const touch = (folder: string): void => writeFileSync(join(folder, ALIVE), '.', { flag: 'r+' });

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Nothing but signs of life is in it, also in what was taken over. */
const isEmpty = (folder: string): boolean =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).every(
    (entry) => entry.isDirectory() || entry.name === ALIVE,
  );

/** Also those a dead process had taken over itself. */
const segmentsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.clicks'))
    .sort()
    .map((name) => join(folder, name));

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
