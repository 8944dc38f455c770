import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule, RemoteKeysModule } from '#libs/messaging';
import { PlatformModule } from '#libs/platform';
import { AnswersModule } from './answers/answers.module.js';
import { BouncesModule } from './bounces/bounces.module.js';
import { database } from './database.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import type { Env } from './env.js';
import { PreferencesModule } from './preferences/preferences.module.js';
import { BundlesModule } from './programme/bundles.module.js';
import { ProgrammeModule } from './programme/programme.module.js';
import { RecipientsModule } from './recipients/recipients.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { TrialsModule } from './trials/trials.module.js';

/** The notification service: templates, recipients, deliveries. */
@Module({})
export class AppModule {
  static forEnv(env: Env): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService('notification-service', env, database),
        MessagingModule.forService('notification', env),
        RemoteKeysModule,
        ProgrammeModule.forDirectory(env.PROGRAMME_DIR),
        TemplatesModule,
        BundlesModule,
        RecipientsModule,
        AnswersModule,
        PreferencesModule,
        BouncesModule,
        DeliveriesModule,
        TrialsModule,
      ],
    };
  }
}
