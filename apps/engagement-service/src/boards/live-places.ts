import { DomainError } from '#libs/platform';
import type { KeptRanking } from './kept-ranking.js';
import { placeOf, readCursor, writeCursor } from './place.js';
import type { Place } from './place.js';

/** One page of places; `cursor` leads to the next and is null behind the last. */
export interface Page {
  places: Place[];
  cursor: string | null;
}

/** Reads a ranking in memory for those who ask over REST. */
export class LivePlaces {
  constructor(
    private readonly kept: KeptRanking,
    private readonly names: { isHidden: (personId: string) => boolean; hiddenRevision: number },
  ) {}

  get participants(): number {
    return this.kept.ranking.size;
  }

  /** Throws `cursor_wrong`. */
  page(cursor: string | undefined, limit: number): Page {
    if (cursor !== undefined) return this.pageFrom(this.positionOf(cursor), limit);
    const { firstPages, ranking } = this.kept;
    const madeOf = `${ranking.revision} ${this.names.hiddenRevision}`;
    const known = firstPages.get(limit);
    if (known?.madeOf === madeOf) return known.page as Page;
    const page = this.pageFrom(0, limit);
    firstPages.set(limit, { madeOf, page });
    return page;
  }

  private pageFrom(from: number, limit: number): Page {
    const next = from + limit;
    const cursor = next < this.kept.ranking.size ? this.cursorBehind(next - 1) : null;
    return { places: this.places(from, limit), cursor };
  }

  place(subject: string): Place | null {
    const position = this.kept.ranking.positionOf(subject);
    return position === null ? null : this.places(position, 1, subject)[0]!;
  }

  around(subject: string, span: number): Place[] {
    const position = this.kept.ranking.positionOf(subject);
    if (position === null) return [];
    const from = Math.max(0, position - span);
    return this.places(from, position + span + 1 - from, subject);
  }

  private places(from: number, count: number, asking?: string): Place[] {
    const { board, ranking, members } = this.kept;
    return ranking.page(from, count).map(({ id, ...standing }) => {
      const hidden = board.of === 'people' && this.names.isHidden(id);
      return placeOf(board, { subject: id, members: members.get(id) ?? null, hidden, ...standing }, asking);
    });
  }

  private positionOf(cursor: string): number {
    const read = readCursor(cursor);
    if (!read) throw new DomainError('cursor_wrong', 400, 'This cursor was not given by this board.');
    const { score, reachedAt, equals } = read;
    const better = this.kept.ranking.countBefore(
      (one) => one.score > score || (one.score === score && one.reachedAt < reachedAt),
    );
    return better + equals;
  }

  private cursorBehind(position: number): string {
    const { score, reachedAt } = this.kept.ranking.page(position, 1)[0]!;
    const better = this.positionOf(writeCursor({ score, reachedAt, equals: 0 }));
    return writeCursor({ score, reachedAt, equals: position + 1 - better });
  }
}
