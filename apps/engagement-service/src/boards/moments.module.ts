import { Module } from '@nestjs/common';
import { MomentsService } from './moments.service.js';

/** What scoring tells the boards; apart from them, so that neither needs the other. */
@Module({ providers: [MomentsService], exports: [MomentsService] })
export class MomentsModule {}
