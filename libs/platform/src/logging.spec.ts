import { describe, expect, it } from '@jest/globals';
import { createLogger } from './index.js';

describe('a logged error', () => {
  it('tells the statement, and none of the values that went into it', () => {
    const error = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      query: 'INSERT INTO people (email) VALUES ($1)',
      parameters: ['ada@company.example'],
      driverError: { detail: 'Key (email)=(ada@company.example) already exists.' },
      detail: 'Key (email)=(ada@company.example) already exists.',
    });
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
    logger.error({ err: error }, 'unexpected error');
    expect(JSON.parse(lines[0]!).err).toMatchObject({
      message: 'duplicate key value',
      code: '23505',
      query: error.query,
    });
    expect(lines[0]).not.toContain('ada@');
  });
});
