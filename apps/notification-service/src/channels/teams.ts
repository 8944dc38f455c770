import { cut } from './message.js';
import type { Link, Message } from './message.js';

/** A webhook of Teams takes 28 KB; in the worst case a character comes to six bytes of JSON. */
const LIMITS = { title: 200, paragraphs: 40, characters: 3500 };

/** The body for a workflow webhook of Microsoft Teams: an Adaptive Card 1.4 in a message. */
export function teamsBody({ title, paragraphs, button, programme, to, locale }: Message): object {
  const links = [button, to?.preferences ?? null].filter((link) => link !== null);
  const body = [
    textBlock(cut(title, LIMITS.title), { size: 'Large', weight: 'Bolder', style: 'heading' }),
    ...within(paragraphs).map((text) => textBlock(text, {})),
    textBlock(programme, { isSubtle: true, size: 'Small' }),
  ];
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    lang: locale,
    body,
    ...(links.length > 0 && { actions: links.map(openUrl) }),
    msteams: { width: 'Full' },
  };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  };
}

const textBlock = (text: string, more: object): object => ({
  type: 'TextBlock',
  text: escaped(text),
  wrap: true,
  ...more,
});

const openUrl = ({ label, url }: Link): object => ({
  type: 'Action.OpenUrl',
  title: cut(label, LIMITS.title),
  url,
});

/** As many paragraphs as fit, the last one cut. */
function within(paragraphs: readonly string[]): string[] {
  let room = LIMITS.characters;
  return paragraphs.slice(0, LIMITS.paragraphs).flatMap((text) => {
    if (room <= 0) return [];
    const part = cut(text, room);
    room -= part.length;
    return [part];
  });
}

/** A TextBlock reads a part of Markdown; what would be a sign of it is written as what it is. */
const escaped = (text: string): string =>
  text
    .replaceAll(/([\\`*_[\]()~<>#])/g, '\\$1')
    .replaceAll(/^(\s*)([-+])(\s)/gm, '$1\\$2$3')
    .replaceAll(/^(\s*\d+)\.(\s)/gm, '$1\\.$2')
    // One line break is none in Markdown; two blanks before it make it one.
    .replaceAll(/([^\n])\n(?!\n)/g, '$1  \n');
