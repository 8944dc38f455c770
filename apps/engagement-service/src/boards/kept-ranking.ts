import { Ranking } from '#libs/scoring';
import type { Board, Score, Stretch } from '#libs/scoring';
import type { ScoreChange } from './changes.query.js';
import type { BoardScore } from './boards.query.js';

/** The parts of a board are the same in any order of addition only when what floats is rounded. */
const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;

/** Of more people it is no quicker to read a group again than to load the board, which holds nobody up meanwhile. */
const READ_AT_MOST = 2_000;

/** A board's period in memory, moved by changes; what cannot be told from a change alone is named, and read again. */
export class KeptRanking {
  readonly ranking = new Ranking();
  /** How many people each group has. */
  readonly members = new Map<string, number>();
  /** What the members of each group have together, where the board tells it per head. */
  private readonly totals = new Map<string, number>();
  /** Who is in each group; made when first asked for. */
  private peopleOf: Map<string, string[]> | null = null;
  /** First pages as they were told, by their length, with what they were made of: most reads ask for the same. */
  readonly firstPages = new Map<number, { madeOf: string; page: unknown }>();
  /** Must be loaded again before anybody reads it. */
  stale = false;

  constructor(
    readonly board: Board,
    readonly stretch: Stretch,
    /** Under which name each person counts; null is everybody under their own. */
    readonly subjects: ReadonlyMap<string, string> | null,
    /** Of real time, in milliseconds. */
    readonly loadedAt: number,
  ) {}

  /** Takes scores as they were loaded. */
  load(scores: readonly BoardScore[]): void {
    for (const { id, score, reachedAt, members } of scores) {
      this.ranking.set({ id, score: rounded(score), reachedAt });
      if (members !== null) this.members.set(id, members);
      if (this.isPerHead) this.totals.set(id, rounded(score * this.heads(id)));
    }
  }

  /** Applies a change; returns the people whose scores `take` must be given, as something was taken back: theirs, or all of their groups. */
  apply(change: ScoreChange): string[] {
    if (change.metric === null) {
      if (this.subjects) this.stale = true;
      return [];
    }
    if (change.metric !== this.board.metric) return [];
    const mine = change.personIds.map((personId, index) => ({ personId, index }));
    const touching = mine.filter(({ personId, index }) => this.isMine(personId, change, index));
    const back = new Set(
      touching.filter(({ index }) => change.amounts[index]! < 0).map((one) => one.personId),
    );
    for (const { personId, index } of touching)
      if (!back.has(personId)) this.add(personId, change.amounts[index]!, change.ats[index]!.getTime());
    return this.board.of === 'people' ? [...back] : this.groupsOf(back);
  }

  /** Takes what people stand at, as it was read; of a group all of its people. */
  take(scores: readonly Score[]): void {
    const totals = new Map<string, Score>();
    for (const { id: personId, score, reachedAt } of scores) {
      const id = this.subjectOf(personId);
      const known = totals.get(id) ?? { id, score: 0, reachedAt: 0 };
      totals.set(id, { id, score: known.score + score, reachedAt: Math.max(known.reachedAt, reachedAt) });
    }
    for (const { id, score, reachedAt } of totals.values()) {
      if (this.isPerHead) this.totals.set(id, rounded(score));
      const told = this.isPerHead ? score / this.heads(id) : score;
      this.ranking.set({ id, score: rounded(told), reachedAt });
    }
  }

  /** Everybody in the groups of some. None where they are too many: then the board is loaded again. */
  private groupsOf(people: ReadonlySet<string>): string[] {
    const groups = new Set([...people].map((personId) => this.subjectOf(personId)));
    const all = [...groups].flatMap((group) => this.membersOf(group));
    if (all.length <= READ_AT_MOST) return all;
    this.stale = true;
    return [];
  }

  private membersOf(group: string): readonly string[] {
    if (!this.peopleOf) {
      this.peopleOf = new Map();
      for (const [personId, subject] of this.subjects ?? []) {
        const known = this.peopleOf.get(subject);
        if (known) known.push(personId);
        else this.peopleOf.set(subject, [personId]);
      }
    }
    return this.peopleOf.get(group) ?? [];
  }

  private subjectOf(personId: string): string {
    return this.subjects?.get(personId) ?? personId;
  }

  private isMine(personId: string, { days, ats }: ScoreChange, index: number): boolean {
    if (this.subjects && !this.subjects.has(personId)) return false;
    const { start, end, from, to } = this.stretch;
    if (days) return days[index]! >= from && days[index]! < to;
    const at = ats[index]!.getTime();
    return at >= start && at < end;
  }

  private add(personId: string, amount: number, at: number): void {
    const id = this.subjectOf(personId);
    const old = this.ranking.get(id);
    const score = this.isPerHead ? this.perHead(id, amount) : rounded((old?.score ?? 0) + amount);
    this.ranking.set({ id, score, reachedAt: Math.max(old?.reachedAt ?? at, at) });
  }

  private perHead(id: string, amount: number): number {
    const total = rounded((this.totals.get(id) ?? 0) + amount);
    this.totals.set(id, total);
    return rounded(total / this.heads(id));
  }

  private get isPerHead(): boolean {
    return this.board.per === 'head';
  }

  private heads(id: string): number {
    return Math.max(1, this.members.get(id) ?? 0);
  }
}
