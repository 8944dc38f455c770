import { Module } from '@nestjs/common';
import { TemplatesModule } from '../templates/templates.module.js';
import { RecipientsConsumer } from './recipients.consumer.js';
import { Recipients } from './recipients.service.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Module({
  imports: [TemplatesModule],
  controllers: [RecipientsConsumer, UnsubscribeController],
  providers: [Recipients, UnsubscribeLinks],
  exports: [Recipients, UnsubscribeLinks],
})
export class RecipientsModule {}
