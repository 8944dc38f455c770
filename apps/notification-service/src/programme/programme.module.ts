import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { PROGRAMME, PROGRAMME_DIR, readProgramme } from './programme.js';

/** The programme's name, sender, brand and languages. */
@Module({})
export class ProgrammeModule {
  static forDirectory(directory: string): DynamicModule {
    return {
      module: ProgrammeModule,
      global: true,
      providers: [
        { provide: PROGRAMME_DIR, useValue: directory },
        { provide: PROGRAMME, useFactory: () => readProgramme(directory) },
      ],
      exports: [PROGRAMME_DIR, PROGRAMME],
    };
  }
}
