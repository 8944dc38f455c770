import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import type { ReplyOf, RequestOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { contacts } from './people.query.js';

/** Answers the services that write to people or target them. */
@Controller()
export class PeopleConsumer {
  constructor(private readonly database: DataSource) {}

  @OnRequest('people.contacts')
  async contacts(@Payload() request: RequestOf<'people.contacts'>): Promise<ReplyOf<'people.contacts'>> {
    return { contacts: await contacts(this.database.manager, request.personIds) };
  }
}
