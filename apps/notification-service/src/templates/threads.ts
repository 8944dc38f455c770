import { availableParallelism } from 'node:os';
import type { Catalogue } from './catalogue.js';
import type { Loading } from './loader.js';
import { Thread, ThreadDown } from './thread.handle.js';
import type { ThreadLimits } from './thread.handle.js';
import { errorAsData } from './thread.messages.js';
import type { Look, Questions, Written } from './thread.messages.js';
import type { Order } from './writer.js';

const LIMITS: ThreadLimits = { letterMs: 4_000, loadMs: 60_000, memoryMb: 256 };
const SIZE = Math.max(1, Math.min(4, availableParallelism() - 1));

/** A message between threads costs about as much as a letter; this many letters share one. */
const BATCH = 25;

/** No letter could be written, for no fault of any of them. */
export class ThreadsDown extends Error {}

interface Member {
  thread: Thread;
  /** The templates it has in use. */
  loading: Loading | null;
}

/**
 * The threads on which letters are written. A template that loops or explodes takes its thread down, and nothing else:
 * the letter fails with the reason, the others of its batch are written by another thread.
 */
export class Threads {
  private idle: Member[] = [];
  private readonly busy = new Set<Member>();
  private readonly waiting: (() => void)[] = [];
  private current: Loading | null = null;
  private closed = false;

  constructor(
    private readonly limits: ThreadLimits = LIMITS,
    private readonly size = SIZE,
  ) {}

  /** Takes templates in use once all their samples could be written; after a mistake those before stay. */
  async use(loading: Loading): Promise<Catalogue> {
    return this.withMember(async (member) => {
      const { catalogue, structures } = await this.load(member, loading, true);
      this.current = { ...loading, structures };
      member.loading = this.current;
      return catalogue!;
    });
  }

  /** Writes letters, each or the reason why not, in the order given. Throws a ThreadsDown when no thread can be had. */
  async write(orders: readonly Order[]): Promise<Written[]> {
    const starts = Array.from({ length: Math.ceil(orders.length / BATCH) }, (_, index) => index * BATCH);
    const batches = await Promise.all(
      starts.map((from) => this.writeBatch(orders.slice(from, from + BATCH))),
    );
    return batches.flat();
  }

  private async writeBatch(orders: readonly Order[]): Promise<Written[]> {
    const written: Written[] = [];
    while (written.length < orders.length)
      written.push(...(await this.writeSome(orders.slice(written.length))));
    return written;
  }

  /** What came before the letter at fault is written again: that costs less than sending each letter by itself. */
  private async writeSome(orders: readonly Order[]): Promise<Written[]> {
    try {
      return await this.withMember(async (member) => {
        await this.bringUp(member);
        return member.thread.ask('write', [...orders]);
      });
    } catch (error) {
      if (!(error instanceof ThreadDown)) throw error;
      // It was no letter's fault.
      if (this.closed) throw new ThreadsDown('the threads that write letters were stopped');
      const before = await this.writeBatch(orders.slice(0, error.at));
      const { id } = orders[error.at]!;
      return [...before, { error: errorAsData(new Error(`"${id}" could not be written: ${error.message}`)) }];
    }
  }

  /** Looks at a template that is not in use. Throws a ThreadDown for one that takes too long or too much. */
  look(ask: Questions['look']['ask']): Promise<Look> {
    return this.withMember(({ thread }) => thread.ask('look', ask));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.idle, ...this.busy].map(({ thread }) => thread.close()));
    this.idle = [];
  }

  private async bringUp(member: Member): Promise<void> {
    while (member.loading !== this.current) {
      const wanted = this.current!;
      try {
        await this.load(member, wanted, false);
        member.loading = wanted;
      } catch (error) {
        // The folder may be gone because another is in use by now.
        if (error instanceof ThreadDown || wanted === this.current)
          throw new ThreadsDown(`a thread could not take its templates: ${(error as Error).message}`);
      }
    }
  }

  private load({ thread }: Member, loading: Loading, describe: boolean) {
    return thread.ask('use', { ...loading, describe });
  }

  private async withMember<T>(work: (member: Member) => Promise<T>): Promise<T> {
    const member = await this.take();
    try {
      const result = await work(member);
      this.idle.push(member);
      return result;
    } catch (error) {
      if (error instanceof ThreadDown || error instanceof ThreadsDown) await member.thread.close();
      else this.idle.push(member);
      throw error;
    } finally {
      this.busy.delete(member);
      this.waiting.shift()?.();
    }
  }

  private async take(): Promise<Member> {
    if (this.closed) throw new ThreadsDown('the threads that write letters were stopped');
    while (this.idle.length === 0 && this.busy.size >= this.size)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    const member = this.idle.pop() ?? { thread: new Thread(this.limits), loading: null };
    this.busy.add(member);
    return member;
  }
}
