import { join } from 'node:path';
import { z } from 'zod';
import { readYaml } from './yaml-file.js';

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour like "#1f6f5c"');

/** What mails need of programme.yaml; its other keys belong to other services. */
const programmeSchema = z.object({
  name: z.string().min(1),
  company: z.string().min(1),
  sender: z.strictObject({ name: z.string().min(1), email: z.email() }),
  brand: z.strictObject({ colour, accent: colour, background: colour }),
  locales: z.array(z.string()).min(1),
  earned_media_value: z.object({ currency: z.string().length(3) }).optional(),
});
export type Programme = z.infer<typeof programmeSchema>;

/** Injection token of the programme's directory. */
export const PROGRAMME_DIR = Symbol('PROGRAMME_DIR');
/** Injection token of the checked programme.yaml. */
export const PROGRAMME = Symbol('PROGRAMME');

/** Reads programme.yaml. Throws a FileProblem that names the line. */
export async function readProgramme(directory: string): Promise<Programme> {
  return (await readYaml(join(directory, 'programme.yaml'), programmeSchema)).content;
}
