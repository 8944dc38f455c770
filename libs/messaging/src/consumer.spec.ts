import { describe, expect, it } from '@jest/globals';
import { Namespace } from '#libs/contracts';
import { sourcesOf } from './consumer.js';

const namespace = new Namespace('laurel');

describe('a consumer', () => {
  it('of one type or one domain has one position, under its own name', () => {
    expect(sourcesOf('notes', ['person.changed'], namespace)).toEqual([
      { durable: 'notes', filter: 'laurel.evt.person.changed' },
    ]);
    expect(sourcesOf('notes', ['content.shared', 'content.published'], namespace)).toEqual([
      { durable: 'notes', filter: 'laurel.evt.content.>' },
    ]);
  });

  it('of a few domains has a position in each, so that nothing comes which nobody wants', () => {
    expect(sourcesOf('notes', ['content.shared', 'link.clicked'], namespace)).toEqual([
      { durable: 'notes-content', filter: 'laurel.evt.content.shared' },
      { durable: 'notes-link', filter: 'laurel.evt.link.clicked' },
    ]);
  });

  it('of many domains listens to everything', () => {
    const types = [
      'content.shared',
      'link.clicked',
      'person.changed',
      'points.awarded',
      'badge.earned',
    ] as const;
    expect(sourcesOf('notes', types, namespace)).toEqual([{ durable: 'notes', filter: 'laurel.evt.>' }]);
  });
});
