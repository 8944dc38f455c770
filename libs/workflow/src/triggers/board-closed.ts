import { z } from 'zod';
import { checkCel, checkKnown } from '../checking.js';
import { triggerKind } from '../kinds.js';
import { text, weighWith } from './weigh.js';

const schema = z.strictObject({ board_closed: z.string(), if: z.string().optional() });

/** board_closed: a leaderboard's period has ended; `event` holds its ranking. Once per board and period. */
export const boardClosed = triggerKind<z.infer<typeof schema>>({
  kind: 'board_closed',
  keys: Object.keys(schema.shape),
  schema,
  docs: {
    summary: 'Starts when a leaderboard closes.',
    details:
      'The period of the board is over and its places are final; event.ranking has them. Once for each board and period.',
    example: 'on: { board_closed: weekly-company }',
  },

  check(config, checking, path) {
    checkKnown(checking, 'boards', [...path, 'board_closed'], config.board_closed);
    if (config.if !== undefined)
      checkCel(checking, [...path, 'if'], config.if, 'trigger', { expects: 'bool' });
  },

  eventTypes: () => ['board.closed'],

  weigh(config, event, definition) {
    const board = text(event.data['board']);
    if (board !== config.board_closed) return { starts: false, reason: `is about the board ${board}` };
    return weighWith({ if: config.if }, event, definition, `${board}:${text(event.data['periodKey'])}`);
  },
});
