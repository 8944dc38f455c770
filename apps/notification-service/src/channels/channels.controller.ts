import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, Clock, newId, notFound } from '#libs/platform';
import { Programme } from '../programme/programme.js';
import { Channels } from './channels.service.js';
import type { ChannelView } from './channels.service.js';
import type { Handed } from './channel.js';

/** The channels of the programme beside mail. */
@ApiTags('channels')
@Controller('notification/channels')
export class ChannelsController {
  constructor(
    private readonly channels: Channels,
    private readonly programme: Programme,
    private readonly clock: Clock,
  ) {}

  /** Which there are, and what they lack to work. */
  @Get()
  @Allow('admin', 'hr')
  list(): ChannelView[] {
    return this.channels.list();
  }

  /** Posts a line that says it is a test; the answer says how the channel took it. */
  @Post(':id/test')
  @HttpCode(200)
  @Allow('admin')
  test(@Param('id') id: string): Promise<Handed> {
    const channel = this.channels.find(id);
    if (!channel) throw notFound('channel', id);
    const { name, locales } = this.programme.settings;
    const message = {
      id: newId(),
      template: 'test',
      locale: channel.locale ?? locales[0]!,
      title: `Test: ${name}`,
      paragraphs: [`If you can read this, ${name} can post to ${channel.name}.`],
      button: null,
      programme: name,
      to: null,
      at: this.clock.now(),
    };
    return this.channels.send({ channel: id, message });
  }
}
