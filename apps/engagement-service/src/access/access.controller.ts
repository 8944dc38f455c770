import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { AccessService } from './access.service.js';

const keySchema = z.strictObject({
  name: z.string().min(1).max(100),
  role: z.enum(['admin', 'hr', 'partner']),
});

/** API keys and their roles. */
@ApiTags('access')
@Controller('engagement/keys')
export class AccessController {
  constructor(private readonly access: AccessService) {}

  @Post()
  @Allow('admin')
  create(@Body({ schema: keySchema }) body: z.infer<typeof keySchema>): Promise<object> {
    return this.access.create(body.name, body.role);
  }

  @Get()
  @Allow('admin')
  list(): Promise<object[]> {
    return this.access.list();
  }

  /** Whose key this is: a way to try one. */
  @Get('me')
  @Allow('hr', 'partner')
  me(@Req() request: { caller: Caller }): Caller {
    return request.caller;
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('admin')
  revoke(@Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.access.revoke(id);
  }
}
