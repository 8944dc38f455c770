import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { PICTURE_LIMIT } from './baking.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsService } from './credentials.service.js';
import { IssuerController } from './issuer.controller.js';
import { KeysService } from './keys.service.js';
import { VerificationService } from './verification.service.js';

const TYPES = ['image/png', 'image/svg+xml', 'application/vc+jwt', 'application/jwt'];

/** Open Badges 3.0. */
@Module({
  controllers: [IssuerController, CredentialsController],
  providers: [CredentialsService, KeysService, VerificationService],
})
export class CredentialsModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Verification takes a picture as it was downloaded. */
  onModuleInit(): void {
    const http = this.host.httpAdapter.getInstance();
    http.addContentTypeParser(
      TYPES,
      { parseAs: 'buffer', bodyLimit: PICTURE_LIMIT },
      (_request, body, done) => done(null, body),
    );
  }
}
