import { Body, Controller, Get, HttpCode, Param, Post as HttpPost, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { categories } from '#libs/contracts';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { languageSchema } from '../targeting/target.schema.js';
import type { Post } from './post.entity.js';
import { SuggestionsService } from './suggestions.service.js';
import { webUrl } from './web-url.js';

/** Ids travel in events, where they are compared as texts. */
const personId = z.uuid().transform((id) => id.toLowerCase());
const uuid = { schema: z.uuid().transform((id) => id.toLowerCase()) };
const suggestionSchema = z.strictObject({
  personId,
  title: z.string().trim().min(1).max(300),
  url: webUrl,
  /** Why it is worth sharing. */
  text: z.string().trim().max(2000).default(''),
  category: z.enum(categories).default('third-party'),
  language: languageSchema.default('en'),
});
const listQuery = z.strictObject({
  status: z.enum(['open', 'accepted', 'declined']).optional(),
  personId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const declineSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** What employees put forward. */
@ApiTags('suggestions')
@Controller('content/suggestions')
export class SuggestionsController {
  constructor(private readonly suggestions: SuggestionsService) {}

  /** Puts an article forward in somebody's name; when it is published they are thanked. */
  @HttpPost()
  @Allow('hr', 'partner')
  suggest(@Body({ schema: suggestionSchema }) body: z.infer<typeof suggestionSchema>): Promise<object> {
    return this.suggestions.suggest(body);
  }

  /** Newest first. */
  @Get()
  @Allow('hr', 'partner')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<object[]> {
    return this.suggestions.list(query);
  }

  /** Makes a draft of it. */
  @HttpPost(':id/accept')
  @HttpCode(200)
  @Allow('hr')
  accept(@Param('id', uuid) id: string, @CalledBy() who: Caller): Promise<Post> {
    return this.suggestions.accept(id, who);
  }

  /** Says no, and why; the article may be suggested again. */
  @HttpPost(':id/decline')
  @HttpCode(200)
  @Allow('hr')
  decline(
    @Param('id', uuid) id: string,
    @Body({ schema: declineSchema }) { reason }: z.infer<typeof declineSchema>,
  ): Promise<object> {
    return this.suggestions.decline(id, reason);
  }
}
