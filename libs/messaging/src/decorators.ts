import { Catch, UseFilters, applyDecorators } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { RpcExceptionFilter } from '@nestjs/common';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EventType, RequestName } from '#libs/contracts';

/** The transport these handlers belong to. */
export const JETSTREAM = Symbol.for('JETSTREAM');

/** Nest would replace an unknown error by "Internal server error"; the consumer needs the real one. */
@Catch()
class Rethrow implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** What the transport knows of a batch handler. */
export interface ConsumerExtras {
  types: EventType[];
}

/**
 * Marks a handler of event batches: `(events: EventOf<…>[], context: BatchContext) => Promise<void>`.
 * `consumer` names its durable position and its inbox: never reuse or rename it lightly.
 * Everything the handler writes through `context.manager` commits together with the inbox.
 */
export const OnEvents = (consumer: string, ...types: EventType[]): MethodDecorator =>
  applyDecorators(
    EventPattern<string>(consumer, JETSTREAM, { types } satisfies ConsumerExtras),
    UseFilters(Rethrow),
  );

/** Marks a handler that answers a question of another service: `(request) => Promise<reply>`. */
export const OnRequest = (name: RequestName): MethodDecorator =>
  applyDecorators(MessagePattern<string>(name, JETSTREAM), UseFilters(Rethrow));
