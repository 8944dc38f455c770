import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, DomainError, notFound } from '#libs/platform';
import type { Caller, FieldError } from '#libs/platform';
import { MAX_SOURCE, isLanguage } from './folder.js';
import type { Finding } from './lint/finding.js';
import { ownerOf } from './own-files.js';
import { Templates } from './templates.service.js';
import { ThreadDown } from './thread.handle.js';
import type { Look } from './thread.messages.js';
import * as query from './versions.query.js';
import type { Draft, TemplateFiles, VersionView } from './versions.query.js';

/** A draft, and what is to say about it. */
export type DraftView = Draft & { findings: Finding[] };

/** Drafts of templates, and the versions that become of them. */
@Injectable()
export class Drafts {
  constructor(
    private readonly database: DataSource,
    private readonly templates: Templates,
    private readonly clock: Clock,
  ) {}

  /** Lays files over those in force (null takes one away) and keeps them as the draft, mistakes and all. */
  async save(id: string, files: Record<string, string | null>, who: Caller): Promise<DraftView> {
    this.templates.get(id);
    this.refuseForeign(id, files);
    const laid = Object.entries({ ...this.templates.filesOf(id), ...files });
    const whole = Object.fromEntries(laid.filter(([, text]) => text !== null)) as TemplateFiles;
    const { findings } = await this.look(id, whole);
    const draft = { files: whole, savedAt: this.clock.now(), savedBy: who.name };
    await query.saveDraft(this.database.manager, id, draft);
    return { ...draft, findings };
  }

  async get(id: string): Promise<DraftView> {
    const draft = await this.find(id);
    return { ...draft, findings: (await this.look(id, draft.files)).findings };
  }

  async discard(id: string): Promise<void> {
    this.templates.get(id);
    await query.deleteDraft(this.database.manager, id);
  }

  /** Makes a version of the draft, which counts from now on. Throws a 422 with every error the lint finds. */
  async publish(id: string, note: string | null, who: Caller): Promise<VersionView> {
    const { files } = await this.find(id);
    return this.put(id, files, note, who);
  }

  /** Publishes what an earlier version was; the history stays. */
  async rollBack(id: string, version: number, who: Caller): Promise<VersionView> {
    const { files } = await this.version(id, version);
    return this.put(id, files, `back to version ${version}`, who);
  }

  async versions(id: string): Promise<VersionView[]> {
    this.templates.get(id);
    return query.versionsOf(this.database.manager, id);
  }

  async version(id: string, version: number): Promise<VersionView & { files: TemplateFiles }> {
    this.templates.get(id);
    const found = await query.findVersion(this.database.manager, id, version);
    if (!found) throw notFound('template_version', `${id} ${version}`);
    return found;
  }

  /** Templates with a draft. */
  drafted(): Promise<Set<string>> {
    return query.drafted(this.database.manager);
  }

  /** What was published over REST and counts, by path in the programme: for bringing it back into the files. */
  async exported(): Promise<{ templates: string[]; files: TemplateFiles }> {
    const over = (await query.inForce(this.database.manager)).filter(({ source }) => source === 'published');
    const files = over.flatMap((row) => Object.entries(row.files));
    return {
      templates: over.map(({ template }) => template),
      files: Object.fromEntries(files.map(([path, text]) => [`templates/${path}`, text])),
    };
  }

  /** The lint and the sample mail of a template, or of its draft. */
  async show(id: string, draft: boolean, locale?: string): Promise<Look> {
    this.templates.get(id);
    if (locale !== undefined) refuseUnknown(locale);
    return this.look(id, draft ? (await this.find(id)).files : undefined, locale);
  }

  private async find(id: string): Promise<Draft> {
    this.templates.get(id);
    const draft = await query.findDraft(this.database.manager, id);
    if (!draft) throw notFound('template_draft', id);
    return draft;
  }

  private async put(
    id: string,
    files: TemplateFiles,
    note: string | null,
    who: Caller,
  ): Promise<VersionView> {
    const { findings } = await this.look(id, files);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0)
      throw new DomainError(
        'template_wrong',
        422,
        'The template has mistakes; mend the draft first.',
        errors.map(fieldOf),
      );
    await this.database.transaction(async (manager) => {
      const version = { source: 'published', note, by: who.name, at: this.clock.now() } as const;
      await query.addVersions(manager, { files: new Map([[id, files]]), ...version });
      await query.deleteDraft(manager, id);
    });
    await this.templates.refresh();
    return (await this.versions(id))[0]!;
  }

  private look(id: string, files: TemplateFiles | undefined, locale?: string): Promise<Look> {
    return this.templates.look(id, files, locale).catch((error: unknown) => {
      if (!(error instanceof ThreadDown)) throw error;
      throw new DomainError(
        'template_exhausting',
        422,
        `The template was tried and given up: ${error.message}.`,
      );
    });
  }

  private refuseForeign(id: string, files: Record<string, string | null>): void {
    const locales = this.templates.locales();
    const errors = Object.entries(files).flatMap(([path, text]): FieldError[] => {
      const message = foreign(id, path, locales) ?? tooLarge(text);
      return message === null ? [] : [{ path: `files.${path}`, message }];
    });
    if (errors.length > 0)
      throw new DomainError(
        'template_files_refused',
        422,
        'Some of these files cannot be of this template.',
        errors,
      );
  }
}

const fieldOf = ({ file, line, message }: Finding): FieldError => ({ path: `${file}:${line}`, message });

function foreign(id: string, path: string, locales: readonly string[]): string | null {
  if (ownerOf(path, new Set([id])) === null)
    return `a template has only ${id}.sample.yaml, ${id}.mjml, ${id}.txt and <language>/${id}.yaml; no other path and no URL`;
  const locale = path.includes('/') ? path.split('/')[0]! : null;
  if (locale === null || locales.includes(locale)) return null;
  return `the programme does not speak "${locale}"; it speaks ${locales.join(', ')}`;
}

const tooLarge = (text: string | null): string | null =>
  text !== null && Buffer.byteLength(text) > MAX_SOURCE
    ? 'is over 256 KB, the most a file of a template may have'
    : null;

function refuseUnknown(locale: string): void {
  if (!isLanguage(locale))
    throw new DomainError(
      'locale_unknown',
      422,
      `"${locale}" is no language; one is named as in BCP 47, such as it or pt-BR.`,
    );
}
