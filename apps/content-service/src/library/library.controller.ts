import { Body, Controller, Get, HttpCode, Param, Post as HttpPost, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { LibraryService } from './library.service.js';
import { categories } from './post.entity.js';
import type { Post } from './post.entity.js';

const webUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }).max(2000);
const postSchema = z.strictObject({
  title: z.string().trim().min(1).max(300),
  url: webUrl,
  summary: z.string().trim().max(2000).default(''),
  imageUrl: webUrl.nullable().default(null),
  category: z.enum(categories),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'is not a language such as en')
    .default('en'),
  /** Keeps it back until somebody, or a workflow, publishes it. */
  draft: z.boolean().default(false),
});
const listQuery = z.strictObject({
  category: z.enum(categories).optional(),
  language: z.string().optional(),
  draft: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** The library of posts. */
@ApiTags('library')
@Controller('content/posts')
export class LibraryController {
  constructor(private readonly library: LibraryService) {}

  /** Publishes a post, or keeps it as a draft; an article that is in the library already is refused with 409. */
  @HttpPost()
  @Allow('hr')
  add(@Body({ schema: postSchema }) body: z.infer<typeof postSchema>): Promise<Post> {
    return this.library.add({ ...body, sourceId: null });
  }

  /** Publishes a draft; one that is published stays as it is. */
  @HttpPost(':id/publish')
  @HttpCode(200)
  @Allow('hr')
  publish(@Param('id', { schema: z.uuid() }) id: string): Promise<Post> {
    return this.library.publish(id);
  }

  /** Newest first; drafts only when asked for. */
  @Get()
  @Allow('hr', 'partner')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<Post[]> {
    return this.library.list(query);
  }

  @Get(':id')
  @Allow('hr', 'partner')
  get(@Param('id', { schema: z.uuid() }) id: string): Promise<Post> {
    return this.library.get(id);
  }
}
