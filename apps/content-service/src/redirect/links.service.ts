import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Where a tracked link leads, and whose share it is. */
export interface Link {
  shareId: string;
  targetUrl: string;
  /** It was taken down. */
  ended: boolean;
}

interface Remembered {
  link: Link;
  /** On the process's own clock, in milliseconds. */
  readAt: number;
}

const REMEMBERED = 100_000;
/** A link only ever changes by being taken down; another replica hears of that so late. */
const READ_AGAIN_MS = 60_000;
const AT_ONCE = 500;
/** 128 random bits in URL-safe base64: anything else cannot be one of ours and is not looked up. */
const PATTERN = /^[A-Za-z0-9_-]{22}$/;

/** Links from memory. Those that are not there are read together, one statement at a time: guessing ids cannot fill the pool. */
@Injectable()
export class LinksService {
  /** Two generations: when the young one is full it becomes the old one, and what was not asked for meanwhile is forgotten. */
  private young = new Map<string, Remembered>();
  private old = new Map<string, Remembered>();
  private asked = new Map<string, ((link: Link | null) => void)[]>();
  private failed: ((error: unknown) => void)[] = [];
  private reading = false;

  constructor(private readonly database: DataSource) {}

  /** The link if it is in memory. */
  known(id: string): Link | undefined {
    const found = this.young.get(id) ?? this.revive(id);
    if (found && performance.now() - found.readAt > READ_AGAIN_MS) this.readAgain(id, found);
    return found?.link;
  }

  /** The link from the database; null when there is none. */
  find(id: string): Promise<Link | null> {
    if (!PATTERN.test(id)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.asked.set(id, [...(this.asked.get(id) ?? []), resolve]);
      this.failed.push(reject);
      if (!this.reading) void this.readAll();
    });
  }

  /** What has changed is read again when it is next asked for. */
  forget(id: string): void {
    this.young.delete(id);
    this.old.delete(id);
  }

  private inMemory(id: string): Remembered | undefined {
    return this.young.get(id) ?? this.old.get(id);
  }

  private revive(id: string): Remembered | undefined {
    const found = this.old.get(id);
    if (found) this.remember(id, found);
    return found;
  }

  private remember(id: string, found: Remembered): void {
    if (this.young.size >= REMEMBERED / 2) [this.old, this.young] = [this.young, new Map()];
    this.young.set(id, found);
  }

  private readAgain(id: string, found: Remembered): void {
    found.readAt = performance.now();
    // Without the database it goes on as it was.
    this.find(id).catch(() => undefined);
  }

  private async readAll(): Promise<void> {
    this.reading = true;
    while (this.asked.size > 0) await this.readSome();
    this.reading = false;
  }

  private async readSome(): Promise<void> {
    const { asked, failed } = this;
    this.asked = new Map();
    this.failed = [];
    try {
      for (const ids of chunksOf([...asked.keys()])) await this.read(ids);
      for (const [id, answers] of asked)
        for (const answer of answers) answer(this.inMemory(id)?.link ?? null);
    } catch (error) {
      for (const fail of failed) fail(error);
    }
  }

  private async read(ids: readonly string[]): Promise<void> {
    const rows: (Link & { id: string })[] = await this.database.query(
      `SELECT link_id AS id, id AS "shareId", target_url AS "targetUrl", link_ended_at IS NOT NULL AS ended FROM shares WHERE link_id = ANY($1)`,
      [ids],
    );
    const readAt = performance.now();
    for (const { id, ...link } of rows) this.remember(id, { link, readAt });
  }
}

const chunksOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
