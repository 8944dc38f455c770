import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LibraryController } from './library.controller.js';
import { LibraryService } from './library.service.js';
import { Post } from './post.entity.js';

/** Posts. */
@Module({
  imports: [TypeOrmModule.forFeature([Post])],
  controllers: [LibraryController],
  providers: [LibraryService],
  exports: [LibraryService],
})
export class LibraryModule {}
