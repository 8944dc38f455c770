import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory, Reflector } from '@nestjs/core';
import { Allow, Public, undecidedRoutes } from './index.js';

describe('routes', () => {
  @Controller('a')
  class Mixed {
    @Get('open')
    @Public('for the test')
    open(): void {}
    @Get('shut')
    @Allow('hr')
    shut(): void {}
    @Post('forgotten')
    forgotten(): void {}
    helper(): void {}
  }
  @Controller('b')
  @Allow('admin')
  class Whole {
    @Get()
    one(): void {}
  }
  @Module({ imports: [DiscoveryModule], controllers: [Mixed, Whole] })
  class Routes {}

  it('without an access decision are found', async () => {
    const module = await NestFactory.createApplicationContext(Routes, { logger: false });
    expect(undecidedRoutes(module.get(DiscoveryService), module.get(Reflector))).toEqual(['Mixed.forgotten']);
  });
});
