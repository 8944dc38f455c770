import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KeyResolver } from '#libs/platform';
import { AccessConsumer } from './access.consumer.js';
import { AccessController } from './access.controller.js';
import { AccessService } from './access.service.js';
import { ApiKey } from './api-key.entity.js';

/** API keys: this service owns them, the others ask. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([ApiKey])],
  controllers: [AccessController, AccessConsumer],
  providers: [AccessService, { provide: KeyResolver, useExisting: AccessService }],
  exports: [KeyResolver],
})
export class AccessModule {}
