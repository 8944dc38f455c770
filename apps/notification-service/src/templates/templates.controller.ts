import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow, CalledBy, DomainError } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { Drafts } from './drafts.service.js';
import type { DraftView } from './drafts.service.js';
import type { Finding } from './lint/finding.js';
import { Pictures } from './pictures.service.js';
import { Templates } from './templates.service.js';
import type { TemplateFiles, VersionView } from './versions.query.js';

const yes = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const previewQuery = z.strictObject({
  locale: z.string().max(35).default('en'),
  part: z.enum(['html', 'text', 'picture']).default('html'),
  draft: yes,
  width: z.coerce.number().int().min(240).max(1200).default(600),
  scheme: z.enum(['light', 'dark']).default('light'),
});
const lintQuery = z.strictObject({ draft: yes });
const draftBody = z.strictObject({ files: z.record(z.string().max(200), z.string().nullable()) });
const publishBody = z.strictObject({ note: z.string().trim().min(1).max(500).optional() });
const rollbackBody = z.strictObject({ version: z.int().min(1) });

/** The mails of the programme: to look at before anybody gets one, and to change. */
@ApiTags('templates')
@Controller('notification/templates')
export class TemplatesController {
  constructor(
    private readonly templates: Templates,
    private readonly drafts: Drafts,
    private readonly pictures: Pictures,
  ) {}

  @Get()
  @Allow('admin', 'hr')
  async list(): Promise<object[]> {
    const drafted = await this.drafts.drafted();
    return this.templates.entries().map(({ id, locales, subjects, version, source }) => ({
      id,
      locales,
      subjects,
      version,
      source,
      draft: drafted.has(id),
    }));
  }

  /** What was published over REST, as files to bring back into the programme. */
  @Get('export')
  @Allow('admin', 'hr')
  export(): Promise<{ templates: string[]; files: TemplateFiles }> {
    return this.drafts.exported();
  }

  /** A template and its own files as they count now; what templates share is not among them. */
  @Get(':id')
  @Allow('admin', 'hr')
  get(@Param('id') id: string): object {
    const { locales, subjects, sample } = this.templates.get(id);
    return {
      id,
      locales,
      subjects,
      sample,
      ...this.templates.standing(id),
      files: this.templates.filesOf(id),
    };
  }

  /** The mail with sample data; a locale without words of its own shows what its people would get. */
  @Get(':id/preview')
  @Header('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
  @Allow('admin', 'hr')
  async preview(
    @Param('id') id: string,
    @Query({ schema: previewQuery }) { locale, part, draft, ...looking }: z.infer<typeof previewQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Buffer> {
    const { letter, findings } = await this.drafts.show(id, draft, locale);
    if (!letter) throw unwritten(findings);
    void reply.type(types[part]).header('Content-Language', letter.locale);
    return part === 'picture' ? this.pictures.take(letter.html, looking) : letter[part];
  }

  @Get(':id/lint')
  @Allow('admin', 'hr')
  async lint(
    @Param('id') id: string,
    @Query({ schema: lintQuery }) { draft }: z.infer<typeof lintQuery>,
  ): Promise<{ findings: Finding[] }> {
    const { findings } = await this.drafts.show(id, draft);
    return { findings };
  }

  @Get(':id/draft')
  @Allow('admin', 'hr')
  draft(@Param('id') id: string): Promise<DraftView> {
    return this.drafts.get(id);
  }

  /** Lays files over those in force; null takes one away. The answer says what is wrong; a draft may be wrong. */
  @Put(':id/draft')
  @Allow('admin', 'hr')
  saveDraft(
    @Param('id') id: string,
    @Body({ schema: draftBody }) { files }: z.infer<typeof draftBody>,
    @CalledBy() who: Caller,
  ): Promise<DraftView> {
    return this.drafts.save(id, files, who);
  }

  @Delete(':id/draft')
  @HttpCode(204)
  @Allow('admin', 'hr')
  discardDraft(@Param('id') id: string): Promise<void> {
    return this.drafts.discard(id);
  }

  @Post(':id/publish')
  @HttpCode(200)
  @Allow('admin', 'hr')
  publish(
    @Param('id') id: string,
    @Body({ schema: publishBody }) { note = null }: { note?: string | null },
    @CalledBy() who: Caller,
  ): Promise<VersionView> {
    return this.drafts.publish(id, note, who);
  }

  @Post(':id/rollback')
  @HttpCode(200)
  @Allow('admin', 'hr')
  rollBack(
    @Param('id') id: string,
    @Body({ schema: rollbackBody }) { version }: z.infer<typeof rollbackBody>,
    @CalledBy() who: Caller,
  ): Promise<VersionView> {
    return this.drafts.rollBack(id, version, who);
  }

  @Get(':id/versions')
  @Allow('admin', 'hr')
  versions(@Param('id') id: string): Promise<VersionView[]> {
    return this.drafts.versions(id);
  }

  @Get(':id/versions/:version')
  @Allow('admin', 'hr')
  version(
    @Param('id') id: string,
    @Param('version', { schema: z.coerce.number().int().min(1) }) version: number,
  ): Promise<VersionView & { files: TemplateFiles }> {
    return this.drafts.version(id, version);
  }
}

const types = { html: 'text/html; charset=utf-8', text: 'text/plain; charset=utf-8', picture: 'image/png' };

function unwritten(findings: readonly Finding[]): DomainError {
  const fields = findings.map(({ file, line, message }) => ({ path: `${file}:${line}`, message }));
  return new DomainError(
    'template_wrong',
    422,
    'The template has mistakes, so there is no mail to show.',
    fields,
  );
}
