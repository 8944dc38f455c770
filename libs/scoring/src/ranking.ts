/** A score of a person or a group; `reachedAt` (epoch ms) is when the last of what it is made of happened. */
export interface Score {
  id: string;
  score: number;
  reachedAt: number;
}

/** A score with its rank, 1-1-3. */
export interface Standing extends Score {
  rank: number;
}

const CHUNK = 512;

/** Best first; of equals who got there first, and at the very same moment the lower id, so that the order is total. */
export const bestFirst = (a: Score, b: Score): number =>
  b.score - a.score || a.reachedAt - b.reachedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * Scores in order, kept while they change: a rank and a page among a million cost microseconds. Scores of zero and less are
 * remembered and stand on no place.
 */
export class Ranking {
  /** Moves with every change: what was made of the ranking holds while it stands still. */
  revision = 0;
  private readonly scores = new Map<string, Score>();
  /** Each sorted, and none empty. */
  private chunks: Score[][] = [];
  /** How many stand before each chunk; null after a change. */
  private before: Uint32Array | null = null;

  constructor(scores: Iterable<Score> = []) {
    for (const score of scores) this.scores.set(score.id, score);
    const sorted = [...this.scores.values()].filter(({ score }) => score > 0).sort(bestFirst);
    for (let at = 0; at < sorted.length; at += CHUNK) this.chunks.push(sorted.slice(at, at + CHUNK));
  }

  /** How many have a place. */
  get size(): number {
    const last = this.chunks.length - 1;
    return last < 0 ? 0 : this.starts()[last]! + this.chunks[last]!.length;
  }

  get(id: string): Score | undefined {
    return this.scores.get(id);
  }

  set(score: Score): void {
    this.revision++;
    const old = this.scores.get(score.id);
    if (old && old.score > 0) this.remove(old);
    this.scores.set(score.id, score);
    if (score.score > 0) this.insert(score);
  }

  /** Nobody remembers the score. */
  delete(id: string): void {
    this.revision++;
    const old = this.scores.get(id);
    if (old && old.score > 0) this.remove(old);
    this.scores.delete(id);
  }

  /** How many stand before somebody; null without a place. */
  positionOf(id: string): number | null {
    const score = this.scores.get(id);
    return score && score.score > 0 ? this.countBefore((other) => bestFirst(other, score) < 0) : null;
  }

  standing(id: string): Standing | null {
    const score = this.scores.get(id);
    return score && score.score > 0 ? { ...score, rank: this.rankOf(score.score) } : null;
  }

  /** The places from a position on; what is outside the board is left out. */
  page(from: number, count: number): Standing[] {
    const start = Math.max(0, from);
    const scores = this.slice(start, Math.max(0, from + count));
    let rank = scores.length > 0 ? this.rankOf(scores[0]!.score) : 0;
    return scores.map((score, index) => {
      if (index > 0 && score.score !== scores[index - 1]!.score) rank = start + index + 1;
      return { ...score, rank };
    });
  }

  /** How many stand before the first for whom this no longer holds; it must hold for a beginning of the board only. */
  countBefore(holds: (score: Score) => boolean): number {
    const chunk = firstWithout(this.chunks, (scores) => holds(scores.at(-1)!));
    if (chunk === this.chunks.length) return this.size;
    return this.starts()[chunk]! + firstWithout(this.chunks[chunk]!, holds);
  }

  private rankOf(score: number): number {
    return 1 + this.countBefore((other) => other.score > score);
  }

  private slice(from: number, to: number): Score[] {
    const starts = this.starts();
    const found: Score[] = [];
    let chunk = Math.max(0, firstWithout(starts, (start) => start <= from) - 1);
    for (; chunk < this.chunks.length && starts[chunk]! < to; chunk++)
      found.push(...this.chunks[chunk]!.slice(Math.max(0, from - starts[chunk]!), to - starts[chunk]!));
    return found;
  }

  private insert(score: Score): void {
    this.before = null;
    const place = firstWithout(this.chunks, (scores) => bestFirst(scores.at(-1)!, score) < 0);
    const at = Math.min(place, this.chunks.length - 1);
    if (at < 0) return void this.chunks.push([score]);
    const chunk = this.chunks[at]!;
    chunk.splice(
      firstWithout(chunk, (other) => bestFirst(other, score) < 0),
      0,
      score,
    );
    if (chunk.length > 2 * CHUNK) this.chunks.splice(at + 1, 0, chunk.splice(CHUNK));
  }

  private remove(score: Score): void {
    this.before = null;
    const at = firstWithout(this.chunks, (scores) => bestFirst(scores.at(-1)!, score) < 0);
    const chunk = this.chunks[at]!;
    chunk.splice(
      firstWithout(chunk, (other) => bestFirst(other, score) < 0),
      1,
    );
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  private starts(): Uint32Array {
    if (this.before) return this.before;
    this.before = new Uint32Array(this.chunks.length);
    for (let at = 1; at < this.chunks.length; at++)
      this.before[at] = this.before[at - 1]! + this.chunks[at - 1]!.length;
    return this.before;
  }
}

/** The first index for which this does not hold; it must hold for a beginning of the list only. */
function firstWithout<T>(list: ArrayLike<T>, holds: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
