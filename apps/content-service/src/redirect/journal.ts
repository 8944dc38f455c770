import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One `write` for so many visitors at most: were all that wait answered together, they would all come again together. */
const GROUP = 8;
/** One transaction of the drain takes so many visits at most. */
const SEGMENT_LINES = 1_000;

/** A part of the journal that is not written to any more: a file, or text where no file could be written. */
export interface Segment {
  readonly name: string;
  readonly lines: number;
  readonly bytes: number;
  /** On the process's own clock, in milliseconds. */
  readonly sealedAt: number;
  read: () => string;
  drop: () => void;
  /** Keeps it for a person to look at; false when there is nothing to keep it in. */
  setAside: () => boolean;
}

interface Active {
  path: string;
  file: number;
  lines: number;
  bytes: number;
}

export interface JournalOptions {
  /** Where the segments go; asked at every new one. */
  folder: () => string;
  /** Also waits for the disk, so that a power failure loses nothing. */
  fsync: boolean;
  onFailure: (error: unknown) => void;
}

/**
 * Lines written to files in groups, a few `write`s for each turn of the event loop. What was written outlives the process, as the system has it;
 * without `fsync` a power failure may take the last seconds.
 */
export class Journal {
  private lines: string[] = [];
  private answers: (() => void)[] = [];
  private active: Active | null = null;
  private readonly sealed: Segment[] = [];
  private number = 0;
  /** Lines and bytes that wait for the drain. */
  waiting = 0;
  bytes = 0;

  constructor(private readonly options: JournalOptions) {}

  /** `written` is called when the line is kept. */
  append(line: string, written: () => void): void {
    this.answers.push(written);
    this.waiting += 1;
    const gathered = this.lines.push(line);
    if (gathered === GROUP) this.flush();
    else if (gathered === 1) setImmediate(this.flush);
  }

  private readonly flush = (): void => {
    const { lines, answers } = this;
    this.lines = [];
    this.answers = [];
    if (lines.length > 0) this.write(lines.join(''), lines.length);
    for (const answer of answers) answer();
  };

  /** Nothing more is written to the segment at hand. */
  seal(): void {
    this.flush();
    const { active } = this;
    if (!active) return;
    closeSync(active.file);
    this.active = null;
    this.sealed.push(fileSegment(active.path, active.lines, active.bytes));
  }

  /** The oldest segment that has been sealed for so many milliseconds. */
  ripe(forMs: number): Segment | undefined {
    const first = this.sealed[0];
    return first && performance.now() - first.sealedAt >= forMs ? first : undefined;
  }

  /** Takes in a segment that another process left. */
  adopt(path: string): void {
    const text = readFileSync(path, 'latin1');
    const segment = fileSegment(path, text.split('\n').length - 1, text.length);
    this.sealed.unshift(segment);
    this.count(segment.lines, segment.bytes);
  }

  /** The segment is drained or set aside. */
  forget(segment: Segment): void {
    this.sealed.splice(this.sealed.indexOf(segment), 1);
    this.count(-segment.lines, -segment.bytes);
  }

  private write(text: string, lines: number): void {
    this.bytes += text.length;
    try {
      this.active ??= this.open();
      writeWhole(this.active.file, text);
      if (this.options.fsync) fsyncSync(this.active.file);
      this.active.lines += lines;
      this.active.bytes += text.length;
      if (this.active.lines >= SEGMENT_LINES) this.seal();
    } catch (error) {
      this.keepInMemory(text, lines);
      this.options.onFailure(error);
    }
  }

  /** A part of the text may stand in the file: the drain knows visits by their ids. */
  private keepInMemory(text: string, lines: number): void {
    if (this.active) this.seal();
    this.sealed.push(textSegment(text, lines));
  }

  private open(): Active {
    const path = join(this.options.folder(), `${String(++this.number).padStart(8, '0')}.clicks`);
    return { path, file: openSync(path, 'wx', 0o600), lines: 0, bytes: 0 };
  }

  private count(lines: number, bytes: number): void {
    this.waiting += lines;
    this.bytes += bytes;
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

const fileSegment = (path: string, lines: number, bytes: number): Segment => ({
  name: path,
  lines,
  bytes,
  sealedAt: performance.now(),
  read: () => readFileSync(path, 'latin1'),
  drop: () => rmSync(path, { force: true }),
  setAside: () => {
    renameSync(path, `${path}.set-aside`);
    return true;
  },
});

const textSegment = (text: string, lines: number): Segment => ({
  name: 'memory',
  lines,
  bytes: text.length,
  sealedAt: performance.now(),
  read: () => text,
  drop: () => undefined,
  setAside: () => false,
});
