import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CalledBy, invalid } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { StatesService } from './states.service.js';
import { idSchema, keySchema, reportedSchema, shareSchema } from './share.schema.js';
import type { NewShare } from './share.schema.js';
import { CaptionsService } from '../mix/captions.service.js';
import { SharingService } from './sharing.service.js';
import type { Share } from './sharing.service.js';

const listQuery = z.strictObject({
  personId: z.uuid().optional(),
  postId: z.uuid().optional(),
  status: z.enum(['intended', 'confirmed', 'withdrawn']).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});
const confirmSchema = z.strictObject({ postUrl: reportedSchema.shape.postUrl }).default({});
/** What becomes of the link of a share that is taken back. */
const withdrawQuery = z.strictObject({ link: z.enum(['keep', 'end']).default('keep') });

/** Sharing posts with tracked links. */
@ApiTags('sharing')
@Controller('content')
export class SharingController {
  constructor(
    private readonly sharing: SharingService,
    private readonly states: StatesService,
    private readonly captions: CaptionsService,
  ) {}

  /**
   * Shares a post in somebody's name; answers with the tracked link and the network's own page to confirm on. The same once more within
   * ten minutes, or with the same `Idempotency-Key`, is the same share. `alike` is how many colleagues have lately said the same of it.
   */
  @Post('shares')
  @Allow('hr', 'partner')
  async share(
    @Body({ schema: shareSchema }) body: NewShare,
    @CalledBy() caller: Caller,
    @Headers('idempotency-key') header: string | undefined,
  ): Promise<Share & { alike: number }> {
    const key = keySchema.safeParse(header);
    if (!key.success) throw invalid([{ path: ['Idempotency-Key'], message: key.error.issues[0]!.message }]);
    const share = await this.sharing.share(
      body,
      key.data === undefined ? null : `${caller.keyId} ${key.data}`,
    );
    return { ...share, alike: await this.captions.alike(body) };
  }

  /** Newest first, with clicks. */
  @Get('shares')
  @Allow('hr')
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): Promise<Share[]> {
    return this.sharing.list(query);
  }

  @Get('shares/:id')
  @Allow('hr', 'partner')
  get(@Param('id', { schema: idSchema }) id: string): Promise<Share> {
    return this.sharing.get(id);
  }

  /** Says that the share stands on its network, and where. */
  @Post('shares/:id/confirm')
  @HttpCode(200)
  @Allow('hr', 'partner')
  async confirm(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: confirmSchema }) { postUrl }: z.infer<typeof confirmSchema>,
    @CalledBy() { role }: Caller,
  ): Promise<Share> {
    await this.states.confirm(id, role === 'partner' ? 'partner' : 'person', postUrl ?? null);
    return this.sharing.get(id);
  }

  /** Takes a share back; its link goes on leading to the article unless `?link=end`. */
  @Delete('shares/:id')
  @Allow('hr', 'partner')
  async withdraw(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: withdrawQuery }) { link }: z.infer<typeof withdrawQuery>,
  ): Promise<Share> {
    await this.states.withdraw(id, link === 'end');
    return this.sharing.get(id);
  }

  @Get('summary')
  @Allow('hr')
  summary(): Promise<object> {
    return this.sharing.summary();
  }
}
