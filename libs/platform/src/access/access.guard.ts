import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors.js';
import { DECISION } from './decisions.js';
import type { Decision } from './decisions.js';
import { KeyResolver, hashKey } from './keys.js';
import type { Caller } from './keys.js';

const bearer = /^Bearer (lrl_[A-Za-z0-9_-]{43})$/;

/** Deny unless allowed: a route without a decision is refused even if it slipped through the build. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: KeyResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const decision = this.reflector.getAllAndOverride<Decision | undefined>(DECISION, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!decision) throw new DomainError('access_undecided', 403, 'This route has no access decision.');
    if ('public' in decision) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    request.caller = await this.callerOf(request);
    return permit(request.caller, decision);
  }

  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const key = bearer.exec(request.headers.authorization ?? '')?.[1];
    const caller = key ? await this.keys.resolve(hashKey(key)) : null;
    if (caller) return caller;
    throw new DomainError('key_needed', 401, 'Send a valid API key: "Authorization: Bearer lrl_…".');
  }
}

function permit(caller: Caller, decision: { roles: readonly string[] }): boolean {
  if (caller.role === 'admin' || decision.roles.includes(caller.role)) return true;
  const roles = decision.roles.join(' or ');
  throw new DomainError(
    'role_needed',
    403,
    `This needs a key with the role ${roles}; yours is ${caller.role}.`,
  );
}
