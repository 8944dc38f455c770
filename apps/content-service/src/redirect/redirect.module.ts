import { Module } from '@nestjs/common';
import { ClickDrain } from './click-drain.js';
import { ClickJournal } from './click-journal.js';
import { HoneypotController } from './honeypot.controller.js';
import { LinksService } from './links.service.js';
import { RedirectRoute } from './redirect.route.js';
import { Visitors } from './visitors.js';

/** Tracked links and who follows them. */
@Module({
  controllers: [HoneypotController],
  providers: [RedirectRoute, LinksService, ClickJournal, ClickDrain, Visitors],
  exports: [LinksService],
})
export class RedirectModule {}
