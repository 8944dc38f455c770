import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import { Audit } from './audit.service.js';

const auditQuery = z.strictObject({
  what: z.string().max(200).optional(),
  who: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Who changed what. */
@ApiTags('audit')
@Controller('engagement/audit')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  /** Changes, newest first: who, when, before and after. */
  @Get()
  @Allow('admin')
  list(@Query({ schema: auditQuery }) query: z.infer<typeof auditQuery>): Promise<object[]> {
    return this.audit.list(query);
  }
}
