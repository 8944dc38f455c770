import { Inject, Injectable } from '@nestjs/common';
import { DomainError, ENV, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { pictureOf } from './picture.js';
import type { Looking } from './picture.js';

/** Pictures of mails, where the machine has a browser to take them with. */
@Injectable()
export class Pictures {
  /** One browser at a time: each wants a few hundred MB for a moment. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** A PNG. Throws a 501 without a browser, a 502 when it does not manage. */
  take(html: string, looking: Looking): Promise<Buffer> {
    const { CHROMIUM } = this.env;
    if (CHROMIUM === undefined)
      throw new DomainError(
        'pictures_unavailable',
        501,
        'This service has no browser. Set CHROMIUM to the path of a Chromium or Chrome on its machine, or look at part=html.',
      );
    const taken = this.turn.then(() => pictureOf(CHROMIUM, html, looking));
    this.turn = taken.catch(() => undefined);
    return taken.catch((error: Error) => {
      this.log.warn({ err: error }, 'no picture of a mail could be taken');
      throw new DomainError(
        'picture_failed',
        502,
        'The browser could not take a picture of the mail; the log says why.',
      );
    });
  }
}
