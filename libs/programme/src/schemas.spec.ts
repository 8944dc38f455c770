import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { programmeJsonSchemas } from './schemas.js';

const schemas = programmeJsonSchemas();
const files = readdirSync('programme').filter((name) => name.endsWith('.yaml'));
const fits = (name: string, value: unknown): boolean => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.validate(schemas[name]!, value);
};

describe('the schema for editors', () => {
  it.each(files)('takes %s of the default programme, and refuses a word that nobody knows', (file) => {
    const name = file.replace('.yaml', '');
    const value: unknown = parse(readFileSync(`programme/${file}`, 'utf8'));
    const odd = Array.isArray(value) ? [...value, { wrod: 1 }] : { ...(value as object), wrod: 1 };
    expect([fits(name, value), fits(name, odd)]).toEqual([true, false]);
  });
});
