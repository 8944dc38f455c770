import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { canonicalAddress } from '#libs/feeds';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, newId, notFound } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';
import { LibraryService } from './library.service.js';
import type { Category, Post } from './post.entity.js';

export interface NewSuggestion {
  personId: string;
  title: string;
  url: string;
  text: string;
  category: Category;
  language: string;
}

/** What somebody put forward for the library, and what became of it. */
interface Suggestion extends NewSuggestion {
  id: string;
  status: 'open' | 'accepted' | 'declined';
  /** Of a declined one. */
  reason: string | null;
  postId: string | null;
  suggestedAt: Date;
  /** When its post first came out. */
  publishedAt: Date | null;
}

const FIELDS = `id, person_id AS "personId", title, url, text, category, language, status, reason, post_id AS "postId",
  suggested_at AS "suggestedAt", published_at AS "publishedAt"`;

/** Employees' suggestions: heard, taken up or declined with a reason, and thanked for when published. */
@Injectable()
export class SuggestionsService {
  constructor(
    private readonly database: DataSource,
    private readonly library: LibraryService,
    private readonly people: PeopleService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Throws `person_unknown`, `person_left`, `post_known` or `suggestion_known`: who comes first is thanked. */
  async suggest(suggestion: NewSuggestion): Promise<Suggestion> {
    await this.people.mustBeActive(suggestion.personId);
    const id = newId();
    await this.database.transaction(async (manager) => {
      await this.insert(manager, id, suggestion);
      const { personId } = suggestion;
      await this.outbox.add(manager, [event('content.suggested', { suggestionId: id, personId }, { id })]);
    });
    return this.get(id);
  }

  private async insert(manager: EntityManager, id: string, suggestion: NewSuggestion): Promise<void> {
    const { personId, title, url, text, category, language } = suggestion;
    const canonical = canonicalAddress(url);
    const known: object[] = await manager.query(`SELECT FROM posts WHERE canonical_url = $1`, [canonical]);
    if (known.length > 0) throw new DomainError('post_known', 409, `${url} is in the library already.`);
    const added: object[] = await manager.query(
      `INSERT INTO suggestions (id, person_id, title, url, canonical_url, text, category, language, status, suggested_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9) ON CONFLICT (canonical_url) WHERE status <> 'declined' DO NOTHING RETURNING id`,
      [id, personId, title, url, canonical, text, category, language, this.clock.now()],
    );
    if (added.length === 0) throw new DomainError('suggestion_known', 409, `${url} was suggested already.`);
  }

  /** Newest first. */
  list(filter: {
    status?: string | undefined;
    personId?: string | undefined;
    limit: number;
  }): Promise<Suggestion[]> {
    return this.database.query(
      `SELECT ${FIELDS} FROM suggestions WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR person_id = $2)
       ORDER BY suggested_at DESC, id LIMIT $3`,
      [filter.status ?? null, filter.personId ?? null, filter.limit],
    );
  }

  /** Makes a draft of it, to be written on and published like any other. Throws `suggestion_unknown`, `suggestion_decided` or `post_known`. */
  async accept(id: string, who: Caller): Promise<Post> {
    const postId = await this.database.transaction(async (manager) => {
      const open = await this.decide(manager, id, { status: 'accepted', reason: null });
      const post = { ...open, summary: '', imageUrl: null, sourceId: null, suggestionId: id, draft: true };
      const [added] = await this.library.publishAll(manager, [{ ...post, editedBy: who.keyId }]);
      if (!added) throw new DomainError('post_known', 409, `${open.url} is in the library already.`);
      await manager.query(`UPDATE suggestions SET post_id = $2 WHERE id = $1`, [id, added.id]);
      return added.id;
    });
    return this.library.get(postId);
  }

  /** Throws `suggestion_unknown` or `suggestion_decided`. */
  async decline(id: string, reason: string): Promise<Suggestion> {
    await this.database.transaction((manager) => this.decide(manager, id, { status: 'declined', reason }));
    return this.get(id);
  }

  private async decide(
    manager: EntityManager,
    id: string,
    { status, reason }: { status: string; reason: string | null },
  ): Promise<Pick<NewSuggestion, 'title' | 'url' | 'category' | 'language'>> {
    const [[open]]: [NewSuggestion[], number] = await manager.query(
      `UPDATE suggestions SET status = $2, reason = $3 WHERE id = $1 AND status = 'open' RETURNING title, url, category, language`,
      [id, status, reason],
    );
    if (open) return open;
    const { status: now } = await this.get(id);
    throw new DomainError('suggestion_decided', 409, `This suggestion is ${now} already.`);
  }

  private async get(id: string): Promise<Suggestion> {
    const [row]: Suggestion[] = await this.database.query(`SELECT ${FIELDS} FROM suggestions WHERE id = $1`, [
      id,
    ]);
    if (!row) throw notFound('suggestion', id);
    return row;
  }
}
