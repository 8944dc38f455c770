import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { Clock, Pollers } from '#libs/platform';
import { stretchOf } from '#libs/scoring';
import type { Board } from '#libs/scoring';
import type { Period } from '#libs/calendar';
import { loadScores, loadSubjects, readHidden, readScores } from './boards.query.js';
import { pruneChanges, readChanges } from './changes.query.js';
import type { Changes, ScoreChange } from './changes.query.js';
import { KeptRanking } from './kept-ranking.js';

/** Changes are kept an hour; who has not looked for half of it begins anew. */
const FORGET_MS = 30 * 60_000;
/** What other replicas have committed is seen after so long. */
const UNSEEN_MS = 100;
/** Who belongs to an audience may change with the day or with a metric. */
const AUDIENCE_MS = 60_000;
const KEPT_AT_MOST = 40;
const PRUNED_AT_ONCE = 5_000;

/**
 * Running boards in memory, loaded from the ledger and the metrics when first asked for and moved by what each batch told since.
 * A read sees all that this replica has committed before, and what others have at most a tenth of a second before; reads that come at
 * once share one look at the changes.
 */
@Injectable()
export class RankingsService implements OnModuleInit, EntitySubscriberInterface {
  private readonly kept = new Map<string, KeptRanking>();
  private readonly loading = new Map<string, Promise<KeptRanking>>();
  private hidden: Set<string> | null = null;
  /** Moves whenever somebody may have become hidden or seen. */
  hiddenRevision = 0;
  private horizon: string | null = null;
  private seen = new Map<number, bigint>();
  private lookedAt = -Infinity;
  /** This replica has committed something since the last look began. */
  private moved = false;
  private looking: Promise<void> | null = null;
  private nextLook: Promise<void> | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {
    database.subscribers.push(this);
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    // A released savepoint commits nothing yet.
    if (!queryRunner.isTransactionActive) this.moved = true;
  }

  onModuleInit(): void {
    this.pollers.add({
      name: 'score changes',
      work: () => pruneChanges(this.database.manager, PRUNED_AT_ONCE),
      everyMs: 600_000,
    });
  }

  /** The board's period as it stands now. */
  async of(board: Board, period: Period): Promise<KeptRanking> {
    const key = JSON.stringify([board, period.key]);
    if (this.moved || performance.now() - this.lookedAt > UNSEEN_MS) await this.look();
    const known = this.kept.get(key);
    return known && !needsLoading(known) ? known : this.loaded(key, board, period);
  }

  /** Whether somebody's name is not to be shown; as it was when a board was last asked for. */
  isHidden(personId: string): boolean {
    return this.hidden?.has(personId) ?? true;
  }

  private look(): Promise<void> {
    if (!this.looking) {
      this.looking = this.inTurn(() => this.follow()).finally(() => (this.looking = null));
      return this.looking;
    }
    // What is under way may have begun before the caller's own change was committed.
    this.nextLook ??= this.looking
      .catch(() => undefined) // whoever began it hears of it
      .then(() => {
        this.nextLook = null;
        return this.look();
      });
    return this.nextLook;
  }

  /** One at a time: changes and loading must not overtake one another. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined); // the caller hears of it
    return mine;
  }

  private async follow(): Promise<void> {
    if (performance.now() - this.lookedAt > FORGET_MS) this.forget();
    this.moved = false;
    const found = await readChanges(this.database.manager, this.horizon, [...this.seen.keys()]);
    const simple = this.hidden !== null && found.changes.every(isSimple);
    if (simple) this.apply(found.changes);
    else return void (await this.inSnapshot(() => Promise.resolve()));
    this.note(found);
  }

  private forget(): void {
    this.kept.clear();
    this.seen.clear();
    this.hidden = null;
    this.horizon = null;
  }

  /** All that is kept is brought to one snapshot, in which `work` reads as well. */
  private async inSnapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.database.transaction('REPEATABLE READ', async (manager) => {
        const found = await readChanges(manager, this.horizon, [...this.seen.keys()]);
        await this.readPeople(manager, found.changes);
        await this.applyAndRead(manager, found.changes);
        this.note(found);
        return work(manager);
      });
    } catch (error) {
      // What was applied halfway is loaded anew.
      this.forget();
      throw error;
    }
  }

  private note({ horizon, changes }: Changes): void {
    for (const { id, xid } of changes) this.seen.set(id, BigInt(xid));
    for (const [id, xid] of this.seen) if (xid < BigInt(horizon)) this.seen.delete(id);
    this.horizon = horizon;
    this.lookedAt = performance.now();
  }

  private apply(changes: readonly ScoreChange[]): void {
    for (const kept of this.kept.values()) for (const change of changes) kept.apply(change);
  }

  private async applyAndRead(manager: EntityManager, changes: readonly ScoreChange[]): Promise<void> {
    for (const kept of this.kept.values()) await bring(manager, kept, changes);
  }

  private async readPeople(manager: EntityManager, changes: readonly ScoreChange[]): Promise<void> {
    this.hiddenRevision++;
    if (!this.hidden) return void (this.hidden = new Set(await readHidden(manager, null)));
    const people = changes.flatMap(({ metric, personIds }) => (metric === null ? personIds : []));
    if (people.length === 0) return;
    for (const id of people) this.hidden.delete(id);
    for (const id of await readHidden(manager, people)) this.hidden.add(id);
  }

  /** Those who want the same at once wait for one loading. */
  private loaded(key: string, board: Board, period: Period): Promise<KeptRanking> {
    const underWay = this.loading.get(key);
    if (underWay) return underWay;
    const mine = this.load(key, board, period).finally(() => this.loading.delete(key));
    this.loading.set(key, mine);
    return mine;
  }

  /** Loads while other boards are read, in a snapshot of its own, and is then brought to that of the others. */
  private async load(key: string, board: Board, period: Period): Promise<KeptRanking> {
    const { kept, since } = await this.database.transaction('REPEATABLE READ', async (manager) => {
      const known = await readChanges(manager, null, []);
      return { since: known, kept: await loadRanking(manager, board, period, this.clock.now()) };
    });
    const join = async (manager: EntityManager): Promise<void> => {
      await bringFrom(manager, kept, since);
      this.keep(key, kept);
    };
    await this.inTurn(() => this.inSnapshot(join));
    // Somebody moved to another team meanwhile.
    return kept.stale ? this.load(key, board, period) : kept;
  }

  private keep(key: string, kept: KeptRanking): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    for (const old of this.kept.keys()) if (this.kept.size > KEPT_AT_MOST) this.kept.delete(old);
  }
}

async function loadRanking(
  manager: EntityManager,
  board: Board,
  period: Period,
  now: Date,
): Promise<KeptRanking> {
  const stretch = stretchOf(period, board.zone);
  const subjects = await loadSubjects(manager, board, now);
  const kept = new KeptRanking(board, stretch, subjects, performance.now());
  for await (const scores of loadScores(manager, board, stretch, now)) kept.load(scores);
  return kept;
}

async function bringFrom(manager: EntityManager, kept: KeptRanking, since: Changes): Promise<void> {
  const ids = since.changes.map(({ id }) => id);
  const missed = await readChanges(manager, since.horizon, ids);
  await bring(manager, kept, missed.changes);
}

/** Applies changes, and reads again what cannot be told from them. */
async function bring(
  manager: EntityManager,
  kept: KeptRanking,
  changes: readonly ScoreChange[],
): Promise<void> {
  const back = new Set(changes.flatMap((change) => kept.apply(change)));
  if (back.size === 0 || kept.stale) return;
  kept.take(await readScores(manager, kept.board.metric, kept.stretch, [...back]));
}

/** Told by the change alone: nothing was taken back, and nobody moved. */
const isSimple = ({ metric, amounts }: ScoreChange): boolean =>
  metric !== null && amounts.every((amount) => amount >= 0);

const needsLoading = ({ stale, board, loadedAt }: KeptRanking): boolean =>
  stale || (board.for !== undefined && performance.now() - loadedAt > AUDIENCE_MS);
