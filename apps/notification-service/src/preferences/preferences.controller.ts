import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#libs/platform';
import { preferencesForm } from './preferences.form.js';
import type { PreferencesForm } from './preferences.form.js';
import { Preferences } from './preferences.service.js';

const reason = 'the signed link in the mail is the credential';

/** Which mails somebody gets, by the link in the footer of each. A GET only shows the page. */
@ApiTags('preferences')
@Controller('notification/preferences')
export class PreferencesController {
  constructor(private readonly preferences: Preferences) {}

  @Get(':token')
  @Public(reason)
  show(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.preferences.show(token, reply);
  }

  @Post(':token')
  @HttpCode(200)
  @Public(reason)
  change(
    @Param('token') token: string,
    @Body({ schema: preferencesForm }) form: PreferencesForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.preferences.change(token, form, reply);
  }
}
