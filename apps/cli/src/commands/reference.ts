import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { programmeJsonSchemas } from '#libs/programme';
import { workflowJsonSchema, workflowReference } from '#libs/workflow';
import { LaunchError } from '../errors.js';

/** The files that are made from the engine, by their place in the project. */
export function referenceFiles(): Record<string, string> {
  return {
    'programme/schema/workflow.schema.json': schemaText(workflowJsonSchema()),
    ...Object.fromEntries(
      Object.entries(programmeJsonSchemas()).map(([name, schema]) => [
        `programme/schema/${name}.schema.json`,
        schemaText(schema),
      ]),
    ),
    'docs/reference/workflows.md': workflowReference(),
  };
}

const schemaText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;

function differing(folder: string): string[] {
  return Object.entries(referenceFiles()).flatMap(([file, text]) => {
    const path = join(folder, file);
    return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [file];
  });
}

function write(folder: string, files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), referenceFiles()[file] ?? '');
    console.log(`wrote ${file}`);
  }
}

function reference(options: { write?: boolean; folder: string }): void {
  const files = differing(options.folder);
  if (options.write) return write(options.folder, files);
  if (files.length > 0)
    throw new LaunchError(`${files.join(' and ')} differ from the engine: run laurel reference --write`);
  console.log('The schema and the reference are those of the engine.');
}

/** `laurel reference`: the editor schema and the reference of workflows, made from the engine; checked without --write. */
export function registerReference(program: Command): void {
  program
    .command('reference')
    .description('check that the schema and the reference of workflows are those of the engine')
    .option('--write', 'write them')
    .option('--folder <folder>', 'the folder of the project', '.')
    .action(reference);
}
