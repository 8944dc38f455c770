import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#libs/platform';
import { PeopleService } from '../people/people.service.js';
import { ContentProgrammeService } from '../programme/content-programme.service.js';

/** The topics people follow: interest groups that they join and leave freely. */
@Injectable()
export class InterestsService {
  constructor(
    private readonly database: DataSource,
    private readonly people: PeopleService,
    private readonly programme: ContentProgrammeService,
  ) {}

  /** Throws `person_unknown` or `person_left`. */
  async of(personId: string): Promise<{ topics: string[] }> {
    await this.people.mustBeActive(personId);
    const [row]: { topics: string[] }[] = await this.database.query(
      `SELECT interests AS topics FROM people WHERE person_id = $1`,
      [personId],
    );
    return { topics: row?.topics ?? [] };
  }

  /** Throws `person_unknown`, `person_left` or `topic_unknown`. */
  async follow(personId: string, topics: readonly string[]): Promise<{ topics: string[] }> {
    await this.mustBeTopics(topics, 'topics');
    await this.people.mustBeActive(personId);
    const followed = [...new Set(topics)].sort();
    await this.database.query(`UPDATE people SET interests = $2 WHERE person_id = $1`, [personId, followed]);
    return { topics: followed };
  }

  topics(): Promise<object[]> {
    return this.database.query(
      `SELECT topic, max(posts)::int AS posts, max(people)::int AS people FROM (
         SELECT unnest(topics) AS topic, count(*) AS posts, 0 AS people FROM posts WHERE status <> 'archived' GROUP BY 1
         UNION ALL SELECT unnest(interests), 0, count(*) FROM people WHERE active GROUP BY 1
       ) counted GROUP BY topic ORDER BY topic`,
    );
  }

  /** A programme that lists its topics has no others. Throws `topic_unknown` with each at its place under `path`. */
  async mustBeTopics(topics: readonly string[], path: string): Promise<void> {
    const { topics: known } = await this.programme.current();
    const fields = topics.flatMap((topic, index) =>
      known === undefined || known.includes(topic)
        ? []
        : [{ path: `${path}.${index}`, message: `is none of the programme's topics: ${known.join(', ')}` }],
    );
    if (fields.length > 0)
      throw new DomainError('topic_unknown', 422, 'Not all of these topics exist.', fields);
  }
}
