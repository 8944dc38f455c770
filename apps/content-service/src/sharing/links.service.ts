import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Where a tracked link leads and whose share it is. */
export interface Link {
  shareId: string;
  postId: string;
  personId: string;
  network: string;
  targetUrl: string;
}

const REMEMBERED = 50_000;
/** 128 random bits in URL-safe base64: anything else cannot be one of ours and is not looked up. */
const PATTERN = /^[A-Za-z0-9_-]{22}$/;

/** Links from memory; a link never changes once it is given out. */
@Injectable()
export class LinksService {
  private readonly links = new Map<string, Link>();

  constructor(private readonly database: DataSource) {}

  async find(id: string): Promise<Link | null> {
    if (!PATTERN.test(id)) return null;
    const known = this.links.get(id) ?? (await this.read(id));
    if (known) this.remember(id, known);
    return known;
  }

  /** The one used longest ago goes when the memory is full. */
  private remember(id: string, link: Link): void {
    this.links.delete(id);
    this.links.set(id, link);
    if (this.links.size > REMEMBERED) this.links.delete(this.links.keys().next().value!);
  }

  private async read(id: string): Promise<Link | null> {
    const [link]: Link[] = await this.database.query(
      `SELECT id AS "shareId", post_id AS "postId", person_id AS "personId", network, target_url AS "targetUrl"
       FROM shares WHERE link_id = $1`,
      [id],
    );
    return link ?? null;
  }
}
