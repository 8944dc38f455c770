import { Body, Controller, Get, HttpCode, Param, Post as HttpPost } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy } from '#libs/platform';
import type { Caller } from '#libs/platform';
import type { Post } from './post.entity.js';
import { ReviewService } from './review.service.js';

const uuid = { schema: z.uuid() };
const plain = { schema: z.enum(['submit', 'approve', 'unschedule', 'expire', 'archive', 'reopen']) };
const text = z.string().trim().min(1).max(2000);
const rejectSchema = z.strictObject({ reason: text });
const scheduleSchema = z.strictObject({ at: z.iso.datetime({ offset: true }) });
const commentSchema = z.strictObject({ text });

/** From draft to published and beyond. */
@ApiTags('library')
@Controller('content/posts/:id')
export class ReviewController {
  constructor(private readonly review: ReviewService) {}

  /** State, approvals, comments, and what can be done from here. */
  @Get('review')
  @Allow('hr', 'partner')
  standing(@Param('id', uuid) id: string): Promise<object> {
    return this.review.standing(id);
  }

  /** Publishes; one that is published stays as it is. */
  @HttpPost('publish')
  @HttpCode(200)
  @Allow('hr')
  publish(@Param('id', uuid) id: string, @CalledBy() who: Caller): Promise<Post> {
    return this.review.act(id, 'publish', who);
  }

  /** Comes out at a moment to come. */
  @HttpPost('schedule')
  @HttpCode(200)
  @Allow('hr')
  schedule(
    @Param('id', uuid) id: string,
    @Body({ schema: scheduleSchema }) { at }: z.infer<typeof scheduleSchema>,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.review.act(id, 'schedule', who, { at: new Date(at) });
  }

  /** Back to a draft; the reason stands among the comments. */
  @HttpPost('reject')
  @HttpCode(200)
  @Allow('hr')
  reject(
    @Param('id', uuid) id: string,
    @Body({ schema: rejectSchema }) { reason }: z.infer<typeof rejectSchema>,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.review.act(id, 'reject', who, { reason });
  }

  @HttpPost('comments')
  @Allow('hr', 'partner')
  say(
    @Param('id', uuid) id: string,
    @Body({ schema: commentSchema }) body: z.infer<typeof commentSchema>,
    @CalledBy() who: Caller,
  ): Promise<object> {
    return this.review.say(id, who, body.text);
  }

  /** submit, approve, unschedule, expire, archive or reopen; what is not possible from here is refused with what is. */
  @HttpPost(':action')
  @HttpCode(200)
  @Allow('hr')
  act(
    @Param('id', uuid) id: string,
    @Param('action', plain) action: z.infer<typeof plain.schema>,
    @CalledBy() who: Caller,
  ): Promise<Post> {
    return this.review.act(id, action, who);
  }
}
