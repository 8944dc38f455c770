import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Programme } from './programme.js';

/** The programme's name, sender, brand and languages. */
@Module({})
export class ProgrammeModule {
  static forDirectory(directory: string): DynamicModule {
    return {
      module: ProgrammeModule,
      global: true,
      providers: [{ provide: Programme, useFactory: () => new Programme(directory) }],
      exports: [Programme],
    };
  }
}
