import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LibraryConsumer } from './library.consumer.js';
import { LibraryController } from './library.controller.js';
import { LibraryService } from './library.service.js';
import { Post } from './post.entity.js';

/** Posts. */
@Module({
  imports: [TypeOrmModule.forFeature([Post])],
  controllers: [LibraryController, LibraryConsumer],
  providers: [LibraryService],
  exports: [LibraryService],
})
export class LibraryModule {}
