import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import { Clock, ENV, newId, readToken, signToken } from '#libs/platform';
import type { TokenReading } from '#libs/platform';
import type { Env } from '../env.js';
import { PeopleService } from '../people/people.service.js';

const DAY_MS = 86_400_000;
const PURPOSE = 'invitation';

export interface Invitation {
  id: string;
  personId: string;
  wave: string;
  sentAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
}

export interface WaveResult {
  wave: string;
  invited: number;
  accepted: number;
}

export interface Wave {
  name: string;
  personIds: readonly string[];
  expiresInDays: number;
}

const columns = `id, person_id AS "personId", wave, sent_at AS "sentAt", expires_at AS "expiresAt", accepted_at AS "acceptedAt"`;

/** Invitations in waves, their signed links, and who accepted. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly people: PeopleService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Invites each person once per wave; who is in the wave already, or has accepted before, is left alone. */
  async invite(wave: Wave): Promise<{ invited: number; alreadyInvited: number }> {
    await this.people.mustExist(wave.personIds);
    return this.database.transaction(async (manager) => {
      const invitations = await insertWave(manager, wave, this.clock.now());
      await this.outbox.add(
        manager,
        invitations.map(({ id, personId }) =>
          event('invitation.sent', { invitationId: id, personId, wave: wave.name }),
        ),
      );
      return { invited: invitations.length, alreadyInvited: wave.personIds.length - invitations.length };
    });
  }

  /** Accepts every open invitation of the person, so that no wave goes on reminding; a second time changes and tells nothing. */
  async accept(id: string): Promise<Invitation | null> {
    return this.database.transaction(async (manager) => {
      const [rows]: [{ invitationId: string; personId: string }[], number] = await manager.query(
        `UPDATE invitations SET accepted_at = $2
         WHERE accepted_at IS NULL AND person_id = (SELECT person_id FROM invitations WHERE id = $1)
         RETURNING id AS "invitationId", person_id AS "personId"`,
        [id, this.clock.now()],
      );
      await this.outbox.add(
        manager,
        rows.map((row) => event('invitation.accepted', row)),
      );
      const [invitation]: Invitation[] = await manager.query(
        `SELECT ${columns} FROM invitations WHERE id = $1`,
        [id],
      );
      return invitation ?? null;
    });
  }

  /**
   * The page a mail leads to: a credential, made when a mail is rendered and stored nowhere. An invitation that was accepted
   * or has expired meanwhile has none, so a reminder that was under way is not sent.
   */
  async links(ids: readonly string[]): Promise<{ invitationId: string; url: string }[]> {
    const rows: { id: string; expiresAt: Date }[] = await this.database.query(
      `SELECT id, expires_at AS "expiresAt" FROM invitations WHERE id = ANY($1::uuid[]) AND accepted_at IS NULL AND expires_at > $2`,
      [ids, this.clock.now()],
    );
    return rows.map(({ id, expiresAt }) => ({ invitationId: id, url: this.link(id, expiresAt) }));
  }

  readLink(token: string): TokenReading {
    return readToken(this.env.LAUREL_SECRET, PURPOSE, token, this.clock.now());
  }

  /** How each wave is doing. */
  funnel(): Promise<WaveResult[]> {
    return this.database.query(
      `SELECT wave, count(*) AS invited, count(accepted_at) AS accepted FROM invitations GROUP BY wave ORDER BY min(sent_at), wave`,
    );
  }

  list(wave: string | undefined): Promise<Invitation[]> {
    return this.database.query(
      `SELECT ${columns} FROM invitations WHERE $1::text IS NULL OR wave = $1 ORDER BY sent_at, id LIMIT 5000`,
      [wave ?? null],
    );
  }

  private link(id: string, expiresAt: Date): string {
    return `${this.env.PUBLIC_ENGAGEMENT_URL}/i/${signToken(this.env.LAUREL_SECRET, PURPOSE, id, expiresAt)}`;
  }
}

async function insertWave(
  manager: EntityManager,
  wave: Wave,
  now: Date,
): Promise<{ id: string; personId: string }[]> {
  const expiresAt = new Date(now.getTime() + wave.expiresInDays * DAY_MS);
  const personIds = [...new Set(wave.personIds)];
  return manager.query(
    `INSERT INTO invitations (id, person_id, wave, sent_at, expires_at)
     SELECT new.id, new.person_id, $3, $4, $5 FROM unnest($1::uuid[], $2::uuid[]) AS new(id, person_id)
     WHERE NOT EXISTS (SELECT FROM invitations old WHERE old.person_id = new.person_id AND old.accepted_at IS NOT NULL)
     ON CONFLICT (person_id, wave) DO NOTHING RETURNING id, person_id AS "personId"`,
    [personIds.map(newId), personIds, wave.name, now, expiresAt],
  );
}
