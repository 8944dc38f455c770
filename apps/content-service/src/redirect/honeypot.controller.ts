import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ENV } from '#libs/platform';
import type { Env } from '../env.js';
import { honeypotId } from './honeypot.js';

/** The link that only programs find. */
@ApiTags('sharing')
@Controller('content/links/honeypot')
export class HoneypotController {
  constructor(@Inject(ENV) private readonly env: Env) {}

  /** Put it, unseen by people, wherever tracked links stand: a newsletter, a page. Whoever follows it is believed nothing that day. */
  @Get()
  @Allow('hr', 'partner')
  get(): { link: string } {
    return { link: `${this.env.PUBLIC_CONTENT_URL}/l/${honeypotId(this.env.LAUREL_SECRET)}` };
  }
}
