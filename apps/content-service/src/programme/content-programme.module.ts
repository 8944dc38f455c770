import { Module } from '@nestjs/common';
import { ContentProgrammeConsumer } from './content-programme.consumer.js';
import { ContentProgrammeService } from './content-programme.service.js';

/** The programme as the library knows it. */
@Module({
  controllers: [ContentProgrammeConsumer],
  providers: [ContentProgrammeService],
  exports: [ContentProgrammeService],
})
export class ContentProgrammeModule {}
