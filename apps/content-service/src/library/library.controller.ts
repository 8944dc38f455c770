import { Body, Controller, Get, HttpCode, Param, Post as HttpPost, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { EditsService } from './edits.service.js';
import { LibraryService } from './library.service.js';
import type { Post } from './post.entity.js';
import { editSchema, listQuery, newPostSchema } from './post.schema.js';
import type { PostFilter } from './post.schema.js';
import type { PostVersion } from './posts.query.js';
import { SearchService } from './search.service.js';

const uuid = { schema: z.uuid() };
const version = { schema: z.coerce.number().int().min(1).max(1_000_000) };

/** The library of posts. */
@ApiTags('library')
@Controller('content/posts')
export class LibraryController {
  constructor(
    private readonly library: LibraryService,
    private readonly edits: EditsService,
    private readonly search: SearchService,
  ) {}

  /**
   * Publishes a post, or keeps it as a draft; where the programme wants approvals it goes to review.
   * An article that is in the library already is refused with 409.
   */
  @HttpPost()
  @Allow('hr')
  add(
    @Body({ schema: newPostSchema }) body: z.infer<typeof newPostSchema>,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.edits.add(body, who);
  }

  /** Published ones, newest first, unless something else is asked for. */
  @Get()
  @Allow('hr', 'partner')
  list(@Query({ schema: listQuery }) query: PostFilter): Promise<Post[]> {
    return this.search.find(query);
  }

  @Get(':id')
  @Allow('hr', 'partner')
  get(@Param('id', uuid) id: string): Promise<Post> {
    return this.library.get(id);
  }

  /** Replaces the content; `version` is the one it was made from, and another by now is refused with 409. */
  @Put(':id')
  @Allow('hr')
  edit(
    @Param('id', uuid) id: string,
    @Body({ schema: editSchema }) { version: from, ...content }: z.infer<typeof editSchema>,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.edits.edit(id, from, content, who);
  }

  /** Everything this post has said, newest first. */
  @Get(':id/versions')
  @Allow('hr')
  versions(@Param('id', uuid) id: string): Promise<PostVersion[]> {
    return this.edits.versions(id);
  }

  /** Says again what an earlier version said; that is a new version. */
  @HttpPost(':id/versions/:version/restore')
  @HttpCode(200)
  @Allow('hr')
  restore(
    @Param('id', uuid) id: string,
    @Param('version', version) number: number,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.edits.restore(id, number, who);
  }
}
