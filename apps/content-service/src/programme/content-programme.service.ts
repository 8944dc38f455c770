import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { parse } from 'yaml';
import { contentSettingsSchema, programmeSchema } from '#libs/contracts';
import type { ContentSettings, ProgrammeSettings } from '#libs/contracts';
import { Requests } from '#libs/messaging';
import { ENV, readYaml } from '#libs/platform';
import type { Env } from '../env.js';

/** What the content service reads of a programme. */
export interface ContentProgramme extends ContentSettings {
  zone: string;
  /** The language everybody is assumed to read when there is nothing in their own. */
  fallback: string;
}

/** The programme in force, as far as content is concerned: the one applied last, or that of the folder. */
@Injectable()
export class ContentProgrammeService {
  private readonly ofFolder: ContentProgramme;

  constructor(
    private readonly database: DataSource,
    private readonly requests: Requests,
    @Inject(ENV) env: Env,
  ) {
    this.ofFolder = ofSettings(readYaml(join(env.PROGRAMME_DIR, 'programme.yaml'), programmeSchema));
  }

  async current(manager: EntityManager = this.database.manager): Promise<ContentProgramme> {
    const [row]: { settings: ContentProgramme }[] = await manager.query(`SELECT settings FROM programme`);
    return row?.settings ?? this.ofFolder;
  }

  /** Takes an applied version; an older one that arrives late changes nothing. */
  async take(manager: EntityManager, version: number): Promise<void> {
    const settings = ofSettings(programmeSchema.parse(parse(await this.fileOf(version))));
    await manager.query(
      `INSERT INTO programme (version, settings) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, settings = EXCLUDED.settings WHERE programme.version < EXCLUDED.version`,
      [version, JSON.stringify(settings)],
    );
  }

  private async fileOf(version: number): Promise<string> {
    let text = '';
    for (let part = 0, more = true; more; part++) {
      const reply = await this.requests.ask('programme.files', { version, part });
      text += reply.text;
      ({ more } = reply);
    }
    return (JSON.parse(text) as Record<string, string>)['programme.yaml'] ?? '';
  }
}

const ofSettings = ({ content, zone, locales }: ProgrammeSettings): ContentProgramme => ({
  ...(content ?? contentSettingsSchema.parse({})),
  zone,
  fallback: languageOf(locales[0]!),
});

const languageOf = (locale: string): string => locale.split('-', 1)[0]!.toLowerCase();
