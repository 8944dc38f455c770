import { Global, Module } from '@nestjs/common';
import { ProgrammeService } from './programme.service.js';

/** The programme's settings, rules, badges and boards for every feature. */
@Global()
@Module({ providers: [ProgrammeService], exports: [ProgrammeService] })
export class ProgrammeModule {}
