import { join } from 'node:path';
import { z } from 'zod';
import { readText, readYaml } from '#libs/platform';
import { mannerShape } from '../pacing/manner.js';
import { compileStructure } from './structure.js';

const sampleSchema = z.strictObject({
  ...mannerShape,
  /** The structure it shares with other templates, one of `structures/`; without it, it has a file of its own. */
  structure: z
    .string()
    .regex(/^[a-z][a-z-]*$/)
    .optional(),
  /** The field whose link the button of a shared structure opens, such as pauseUrl; without it there is no button. */
  button: z.string().optional(),
  /** What an enriched delivery brings; previews and the check at start render it. */
  data: z.record(z.string(), z.unknown()),
  /** Values of keys that a workflow may leave out. */
  defaults: z.record(z.string(), z.unknown()).default({}),
});
export type Sample = z.infer<typeof sampleSchema>;

/** A source that Handlebars compiles, and where it came from. */
export interface Source {
  file: string;
  source: string;
}

/** What a template is made of, before any words. */
export interface Structure {
  id: string;
  html: Source;
  text: Source;
  sample: Sample;
}

/** Compiles structures of a folder, each once: most templates share one. */
export function structuresOf(directory: string, palette: Record<string, string>) {
  const compiled = new Map<string, Promise<string>>();
  return (file: string): Promise<string> => {
    const known = compiled.get(file) ?? compileStructure(file, directory, palette);
    compiled.set(file, known);
    return known;
  };
}

/** Reads the structure of a template. Throws a ProgrammeError that names file and line. */
export async function readStructure(
  directory: string,
  id: string,
  compile: (file: string) => Promise<string>,
): Promise<Structure> {
  const sample = readYaml(join(directory, `${id}.sample.yaml`), sampleSchema);
  const base =
    sample.structure === undefined ? join(directory, id) : join(directory, 'structures', sample.structure);
  const html = { file: `${base}.mjml`, source: await compile(`${base}.mjml`) };
  return { id, html, text: readSource(`${base}.txt`), sample };
}

/** Reads the text parts that structures share, by the name they are called by. */
export const readPartials = (directory: string, names: readonly string[]): Map<string, Source> =>
  new Map(names.map((name) => [`partials/${name}`, readSource(join(directory, 'partials', `${name}.txt`))]));

const readSource = (file: string): Source => ({ file, source: readText(file) });
