import { Controller, Get } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApiTags } from '@nestjs/swagger';
import type { EventOf } from '#libs/contracts';
import { OnEvents } from '#libs/messaging';
import type { BatchContext } from '#libs/messaging';
import { Allow } from '#libs/platform';
import { Bundles } from './bundles.service.js';
import type { Standing } from './bundles.query.js';

/** The programme as the mails know it. */
@ApiTags('programme')
@Controller('notification/programme')
export class BundlesController {
  constructor(private readonly bundles: Bundles) {}

  /** The version whose templates are in use, and the one that was refused for its mistakes, if it is newer. */
  @Get()
  @Allow('admin', 'hr')
  standing(): Promise<Standing> {
    return this.bundles.standing();
  }

  @OnEvents('programme', 'programme.applied')
  async on(@Payload() events: EventOf<'programme.applied'>[], @Ctx() context: BatchContext): Promise<void> {
    await this.bundles.fetch(context.manager, Math.max(...events.map(({ data }) => data.version)));
  }
}
