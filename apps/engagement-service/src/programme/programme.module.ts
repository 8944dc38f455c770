import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '#libs/platform';
import type { Logger } from '#libs/platform';
import type { Env } from '../env.js';
import { loadProgramme } from './loading.js';
import { ProgrammeService } from './programme.service.js';

/** The programme in force, for every feature: read and checked before anything that needs it is made. */
@Global()
@Module({
  providers: [
    {
      provide: ProgrammeService,
      inject: [ENV, DataSource, LOGGER],
      useFactory: async (env: Env, { manager }: DataSource, log: Logger) =>
        new ProgrammeService(await loadProgramme(env.PROGRAMME_DIR, manager, log)),
    },
  ],
  exports: [ProgrammeService],
})
export class ProgrammeModule {}
