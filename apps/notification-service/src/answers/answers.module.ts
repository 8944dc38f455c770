import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { AnswersController } from './answers.controller.js';
import { Answers } from './answers.service.js';

@Module({
  imports: [TemplatesModule, RecipientsModule],
  controllers: [AnswersController],
  providers: [Answers],
  exports: [Answers],
})
export class AnswersModule {}
