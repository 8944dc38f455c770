import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public, pageHeaders } from '#libs/platform';
import { Programme } from '../programme/programme.js';
import { Recipients } from '../recipients/recipients.service.js';
import { Templates } from '../templates/templates.service.js';
import { answerPage } from './answer.page.js';
import { Answers } from './answers.service.js';
import type { Reading } from './answers.service.js';

const reason = 'the signed link in the mail is the credential';

/** Answering a question of a mail. Link scanners may GET as much as they like: only the button of the page counts. */
@ApiTags('answers')
@Controller('notification/answers')
export class AnswersController {
  constructor(
    private readonly answers: Answers,
    private readonly recipients: Recipients,
    private readonly templates: Templates,
    private readonly programme: Programme,
  ) {}

  /** The page on which the answer is confirmed. */
  @Get(':token')
  @Public(reason)
  async show(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.page(await this.answers.read(token), reply);
  }

  /** Counts the answer. */
  @Post(':token')
  @HttpCode(200)
  @Public(reason)
  async give(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const reading = await this.answers.read(token);
    if (reading.state !== 'open') return this.page(reading, reply);
    await this.answers.give(reading.question, reading.answer);
    return this.page(await this.answers.read(token), reply);
  }

  private async page(reading: Reading, reply: FastifyReply): Promise<string> {
    const { state, question } = reading;
    void reply
      .status(state === 'open' ? 200 : state === 'late' ? 410 : 404)
      .headers(pageHeaders)
      .type('text/html; charset=utf-8');
    const recipient = question && (await this.recipients.find(question.personId));
    const language = this.templates.language(recipient?.locale ?? this.programme.settings.locales[0]!);
    const label = (value: string): string =>
      this.templates.answerLabel(question!.template, language.locale, value);
    const links = question ? this.linksOf(reading) : [];
    return answerPage(reading, { language, programme: this.programme.settings, label, links });
  }

  /** The other answers, so that a slip on a small screen is mended at once. */
  private linksOf(reading: Reading): { value: string; url: string }[] {
    if (reading.state !== 'open') return [];
    const { question, answer, expiresAt } = reading;
    return this.answers
      .linksFor(question.deliveryId, question.options, expiresAt)
      .filter(({ value }) => value !== answer);
  }
}
