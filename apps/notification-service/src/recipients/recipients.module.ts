import { Module } from '@nestjs/common';
import { MailLinks } from '../pages/mail-links.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { RecipientsConsumer } from './recipients.consumer.js';
import { Recipients } from './recipients.service.js';
import { PauseController } from './pause.controller.js';
import { SubscriptionPages } from './subscription-pages.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

@Module({
  imports: [TemplatesModule],
  controllers: [RecipientsConsumer, UnsubscribeController, PauseController],
  providers: [Recipients, MailLinks, SubscriptionPages],
  exports: [Recipients, MailLinks],
})
export class RecipientsModule {}
