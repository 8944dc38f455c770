import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { ReplyOf, RequestOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { AccessService } from './access.service.js';

/** Answers the other services whose key they were shown. */
@Controller()
export class AccessConsumer {
  constructor(private readonly access: AccessService) {}

  @OnRequest('access.resolve')
  async resolve(@Payload() request: RequestOf<'access.resolve'>): Promise<ReplyOf<'access.resolve'>> {
    return { key: await this.access.resolve(request.keyHash) };
  }
}
