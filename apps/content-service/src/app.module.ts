import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule, RemoteKeysModule } from '#libs/messaging';
import { PlatformModule } from '#libs/platform';
import { database } from './database.js';
import type { Env } from './env.js';
import { LibraryModule } from './library/library.module.js';
import { MixModule } from './mix/mix.module.js';
import { PeopleModule } from './people/people.module.js';
import { ReachModule } from './reach/reach.module.js';
import { SharingModule } from './sharing/sharing.module.js';
import { SourcesModule } from './sources/sources.module.js';

/** The content service: sources, library, sharing, reach. */
@Module({})
export class AppModule {
  static forEnv(env: Env): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forService('content-service', env, database),
        MessagingModule.forService('content', env),
        RemoteKeysModule,
        PeopleModule,
        LibraryModule,
        MixModule,
        SourcesModule,
        SharingModule,
        ReachModule,
      ],
    };
  }
}
