import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';

/** The rows of a table of the dump, as their attributes, one by one: a dump may be larger than memory. */
export async function* rowsOf(folder, table) {
  const file = join(folder, `${table}.xml`);
  if (!existsSync(file)) throw new Error(`${file} is missing; a dump of Stack Exchange has it`);
  let rows = [];
  const onopentag = (name, attributes) => void (name === 'row' && rows.push(attributes));
  const parser = new Parser({ onopentag }, { xmlMode: true, decodeEntities: true });
  for await (const chunk of createReadStream(file, 'utf8')) {
    parser.write(chunk);
    yield* rows;
    rows = [];
  }
  parser.end();
  yield* rows;
}

/** All rows of a table, of each only these attributes: the texts of posts are not needed. */
export async function readTable(folder, table, attributes) {
  const rows = [];
  for await (const row of rowsOf(folder, table))
    rows.push(Object.fromEntries(attributes.map((name) => [name, row[name]])));
  return rows;
}
