import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Namespace } from '#libs/contracts';
import { Public } from '#libs/platform';
import { asyncApi } from './asyncapi.js';
import { EventSource } from './outbox.js';
import { TRANSPORT } from './transport.js';
import type { TransportHolder } from './transport.js';

/** What this service says and hears on the broker, as AsyncAPI 3. */
@ApiTags('asyncapi')
@Controller('asyncapi.json')
export class AsyncApiController {
  constructor(
    private readonly source: EventSource,
    private readonly namespace: Namespace,
    @Inject(TRANSPORT) private readonly transport: TransportHolder,
  ) {}

  @Get()
  @Public('a description of shapes, like the OpenAPI document; no data')
  read(): object {
    const heard = this.transport.server?.heard() ?? [];
    return asyncApi(this.source.uri.split('/').at(-1)!, heard, this.namespace);
  }
}
