import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readCsv } from './csv.js';

const format = {
  columns: { share_id: 'shareId', leads: 'leads' },
  required: ['share_id'],
  schema: z.strictObject({ shareId: z.string().min(3), leads: z.coerce.number().int().default(0) }),
};
const read = (...lines: string[]) => readCsv(lines.join('\n'), format);

describe('a file', () => {
  it('is read with commas or semicolons, with or without a byte order mark; an empty field says nothing', () => {
    const rows = [
      { line: 2, value: { shareId: 'abc', leads: 3 } },
      { line: 3, value: { shareId: 'def', leads: 0 } },
    ];
    expect(read('share_id,leads', 'abc,3', 'def,').rows).toEqual(rows);
    expect(read('\uFEFFshare_id;leads', '"abc";3', 'def;').rows).toEqual(rows);
  });

  it('is told which lines are broken, and why, while the others are read', () => {
    const { rows, broken } = read('share_id,leads', 'ab,1', 'abc,x', 'abc', '', 'abd,2');
    expect(rows).toEqual([{ line: 6, value: { shareId: 'abd', leads: 2 } }]);
    expect(broken).toEqual([
      { line: 2, errors: [expect.stringMatching(/^share_id: /)] },
      { line: 3, errors: [expect.stringMatching(/^leads: /)] },
      { line: 4, errors: ['1 fields where the header has 2; is a comma unquoted?'] },
    ]);
  });

  it.each([
    [[''], /the file is empty/],
    [['leads', '1'], /"share_id" is missing/],
    [['share_id,lead', 'abc,1'], /unknown column "lead"/],
    [['share_id,share_id', 'abc,abd'], /"share_id" is there twice/],
  ])('with the header %j is refused as a whole', (lines, error) => {
    expect(read(...lines)).toMatchObject({
      rows: [],
      broken: [{ line: 1, errors: [expect.stringMatching(error)] }],
    });
  });

  it('with a quote that never closes is read up to it', () => {
    const { rows, broken } = read('share_id,leads', 'abc,1', '"abd,2', 'abe,3');
    expect(rows.map(({ value }) => value.shareId)).toEqual(['abc']);
    expect(broken).toEqual([{ line: 3, errors: [expect.stringContaining('never closed')] }]);
  });
});
