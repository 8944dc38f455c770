import { Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Outbox, event } from '#libs/messaging';
import {
  Allow,
  Clock,
  DomainError,
  ENV,
  Public,
  callSecret,
  hookSecret,
  notFound,
  stableId,
  wrongWebhook,
} from '#libs/platform';
import type { Env } from '../env.js';
import { storable } from '../webhooks/storable.js';
import { DefinitionsService } from './definitions.service.js';

const urlQuery = z.strictObject({ url: z.url() });
const MAX_BYTES = 256 * 1024;

/** Calls from and to other systems, signed by Standard Webhooks. */
@ApiTags('webhooks')
@Controller('engagement')
export class HooksController {
  constructor(
    private readonly database: DataSource,
    private readonly definitions: DefinitionsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(ENV) private readonly env: Pick<Env, 'LAUREL_SECRET' | 'PUBLIC_ENGAGEMENT_URL'>,
  ) {}

  /** Takes a call; the same webhook-id counts once. */
  @Post('hooks/:name')
  @HttpCode(202)
  @Public('another system calls without a key of ours; its signature is checked')
  async take(
    @Param('name') name: string,
    @Headers() headers: Record<string, unknown>,
    @Req() request: RawBodyRequest<object>,
  ): Promise<object> {
    const raw = request.rawBody ?? Buffer.alloc(0);
    if (raw.length > MAX_BYTES)
      throw new DomainError('webhook_too_large', 413, `A call may have ${MAX_BYTES / 1024} kB.`);
    const wrong = wrongWebhook(
      hookSecret(this.env.LAUREL_SECRET, name),
      headers,
      raw.toString('utf8'),
      this.clock.now(),
    );
    if (wrong) throw new DomainError('webhook_not_believed', 401, `This call is not believed: ${wrong}.`);
    // Only who knows the secret of a name learns whether anybody listens to it.
    if (this.workflowsOf(name).length === 0) throw notFound('webhook', name);
    return this.tell(name, String(headers['webhook-id']), bodyOf(raw));
  }

  /** Every name that a workflow listens to, with its address and secret. */
  @Get('hooks')
  @Allow('admin')
  list(): object[] {
    const names = new Set(this.definitions.list().flatMap(({ definition }) => hooksOf(definition.on)));
    return [...names].sort().map((name) => ({
      name,
      url: `${this.env.PUBLIC_ENGAGEMENT_URL}/engagement/hooks/${name}`,
      secret: hookSecret(this.env.LAUREL_SECRET, name),
      workflows: this.workflowsOf(name),
    }));
  }

  /** The secret that calls to an address are signed with: one for each origin. */
  @Get('webhooks/secret')
  @Allow('admin')
  secret(@Query({ schema: urlQuery }) { url }: z.infer<typeof urlQuery>): object {
    const { origin } = new URL(url);
    return { origin, secret: callSecret(this.env.LAUREL_SECRET, origin) };
  }

  private async tell(name: string, webhookId: string, body: Record<string, unknown>): Promise<object> {
    const id = stableId('webhook.received', name, webhookId);
    const told = event('webhook.received', { name, webhookId, body }, { id });
    await this.database.transaction((manager) => this.outbox.add(manager, [told]));
    return { eventId: id };
  }

  private workflowsOf(name: string): string[] {
    return this.definitions
      .list()
      .flatMap(({ workflowId, definition }) => (hooksOf(definition.on).includes(name) ? [workflowId] : []));
  }
}

const hooksOf = (triggers: readonly { kind: string; config: unknown }[]): string[] =>
  triggers.flatMap(({ kind, config }) =>
    kind === 'webhook' ? [(config as { webhook: string }).webhook] : [],
  );

/** What is no object stands under `body`. */
function bodyOf(raw: Buffer): Record<string, unknown> {
  const value = storable(jsonOf(raw.toString('utf8')));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : { body: value };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('webhook_no_json', 400, 'The body of a call must be JSON.');
  }
}
