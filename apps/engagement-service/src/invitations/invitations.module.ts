import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { AcceptPageWords } from './accept-words.js';
import { AcceptController } from './accept.controller.js';
import { InvitationsConsumer, InvitationsController } from './invitations.controller.js';
import { InvitationsService } from './invitations.service.js';

/** Invitations, their first-login page and their funnel. */
@Module({
  imports: [PeopleModule],
  controllers: [InvitationsController, InvitationsConsumer, AcceptController],
  providers: [InvitationsService, AcceptPageWords],
})
export class InvitationsModule {}
