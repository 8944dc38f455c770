import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** Roles of API keys. `admin` may do everything; the others only what names them. */
export type Role = 'admin' | 'hr' | 'partner';

/** What a route decides about access. */
export type Decision = { roles: readonly Role[] } | { public: string };

export const DECISION = 'laurel:access';

/** The route is for keys with one of these roles (an admin key always passes). */
export const Allow = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(DECISION, { roles } satisfies Decision), ApiSecurity('api-key'));

/** The route needs no key; the reason is for the reviewer. */
export const Public = (reason: string): MethodDecorator & ClassDecorator =>
  SetMetadata(DECISION, { public: reason } satisfies Decision);
