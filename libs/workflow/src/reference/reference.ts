import { calendarSchema, workflowSchema } from '../definition.js';
import type { Docs } from '../kinds.js';
import { block } from '../schema/words.js';
import type { Json } from '../schema/words.js';
import { STEP_KINDS } from '../steps/list.js';
import { TRIGGER_KINDS } from '../triggers/list.js';
import { FUNCTIONS, VARIABLES } from './expressions.js';
import type { Entry } from './expressions.js';
import { INPUTS } from './inputs.js';

/** The reference of the language in Markdown: every trigger, step, option, input type, variable and function, made of the kinds themselves. */
export function workflowReference(): string {
  return [
    '# Reference of workflows',
    'Made from the engine by `laurel reference --write`; change the words there. A first line of `# yaml-language-server: $schema=../schema/workflow.schema.json` gives an editor all of this while you write.',
    fileSection(),
    section('Triggers', TRIGGER_KINDS, 'A run starts when one of the triggers under `on` says so.'),
    section(
      'Steps',
      STEP_KINDS,
      'Every step has an `id` and does one thing. The words of one step are done in this order: `wait`, `if`, `throttle`, then its action.',
    ),
    inputSection(),
    '## Expressions',
    'Conditions and values are CEL. They are checked when the workflow is saved: names, fields and kinds of value. An expression has at most 4,000 characters and two loops in one another.',
    '### Variables',
    table(VARIABLES),
    '### Functions',
    table(FUNCTIONS),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const HEAD: Readonly<Record<keyof typeof workflowSchema.shape, string>> = {
  id: 'How the workflow is known: small letters, digits and hyphens.',
  name: 'What people read.',
  description: 'A sentence or two for whoever tunes it.',
  enabled:
    '`false` for a blueprint that nobody has switched on: it is checked, and can be simulated, and nothing starts it.',
  inputs: 'What HR can tune in a form.',
  on: 'What starts a run: one trigger or a list.',
  stop_when:
    '`event`, `if`, `key`: the event that ends runs at once, those with its key or, without a key, those of its person.',
  calendar: `${optionsOf(calendarSchema)}: where and when every wait stands unless it says otherwise.`,
  audience: 'A condition on people: every start makes one run for each who matches.',
  again:
    'What a second start does while a run with the same key is alive: `ignore` (the default), `restart` or `queue`.',
  steps: 'What is done, from the top.',
};

function fileSection(): string {
  const lines = Object.entries(HEAD).map(([word, text]) => `| \`${word}\` | ${text} |`);
  return ['## The file', ['| word | |', '| --- | --- |', ...lines].join('\n')].join('\n\n');
}

interface Kind {
  kind: string;
  docs: Docs;
  schema: Parameters<typeof block>[0];
}

function section(title: string, kinds: readonly Kind[], lead: string): string {
  return [`## ${title}`, lead, ...kinds.map(kindOf)].join('\n\n');
}

function kindOf({ kind, docs, schema }: Kind): string {
  const examples = [docs.example, ...(docs.examples ?? [])].map(
    (example) => `\`\`\`yaml\n${example}\n\`\`\``,
  );
  const options = optionsOf(schema, kind);
  const words = options === '' ? [] : [`Words: ${options}.`];
  return [`### ${kind}`, docs.summary, ...(docs.details ? [docs.details] : []), ...words, ...examples].join(
    '\n\n',
  );
}

// `word` for one that must be there, `word?` for one that may.
function optionsOf(schema: Parameters<typeof block>[0], kind = ''): string {
  const { properties, required } = objectIn(block(schema));
  const must = Array.isArray(required) ? (required as string[]) : [];
  return Object.entries(properties ?? {})
    .filter(([name]) => name !== kind)
    .map(([name, part]) => `\`${name}${must.includes(name) ? '' : '?'}\`${choicesOf(part || {})}`)
    .join(', ');
}

function objectIn(schema: Json): Json {
  if (schema.properties) return schema;
  const inner = (schema['anyOf'] ?? schema['oneOf'] ?? (schema['items'] ? [schema['items']] : [])) as Json[];
  return inner.map(objectIn).find(({ properties }) => properties !== undefined) ?? {};
}

function choicesOf({ enum: choices }: Json): string {
  return Array.isArray(choices) ? ` (${choices.join(', ')})` : '';
}

function inputSection(): string {
  const lines = Object.entries(INPUTS).map(
    ([type, { text, example }]) => `| ${type} | ${text} | \`${example}\` |`,
  );
  return [
    '## Inputs',
    'Every input has a `label`, a `type` and a `default`, and may have a `help`. `$name` puts its value anywhere into the file; expressions read `inputs.name`.',
    ['| type | takes | example |', '| --- | --- | --- |', ...lines].join('\n'),
  ].join('\n\n');
}

function table(entries: readonly Entry[]): string {
  const lines = entries.map(
    ({ name, text, example }) => `| \`${name}\` | ${text} | \`${inCell(example)}\` |`,
  );
  return ['| | | example |', '| --- | --- | --- |', ...lines].join('\n');
}

function inCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
