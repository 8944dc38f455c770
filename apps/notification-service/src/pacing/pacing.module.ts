import { Module } from '@nestjs/common';
import { Pacing } from './pacing.service.js';

/** How many mails a person gets, and when. */
@Module({ providers: [Pacing], exports: [Pacing] })
export class PacingModule {}
