import { Injectable } from '@nestjs/common';
import { parse, stringify } from 'yaml';
import { DomainError } from '#libs/platform';
import type { FieldError } from '#libs/platform';
import { checkProgramme } from '#libs/programme';
import { ProgrammeService } from '../programme/programme.service.js';
import { PreviewsService } from './previews.service.js';
import type { BadgePreview } from './tally.js';

/** Badges that are not published yet. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly previews: PreviewsService,
  ) {}

  /** Previews a badge as YAML or as data, read as if it stood in the programme. Throws `badge_wrong` with every mistake. */
  preview(draft: unknown): Promise<BadgePreview> {
    const badge = dataOf(draft);
    const id = (badge as { id?: unknown } | null)?.id;
    // Among the badges it may build on, in place of the one with its id: two with one id would be a mistake.
    const others = this.programme.badges.filter((other) => other.id !== id);
    const files = { ...this.programme.files, 'badges.yaml': stringify([...others, badge]) };
    const checked = checkProgramme(files);
    if (!checked.ok)
      throw wrong(
        checked.problems.map(({ path, message, mend }) => ({
          path,
          message: mend === '' ? message : `${message}; ${mend}`,
        })),
      );
    return this.previews.preview(checked.programme.badges.at(-1)!);
  }
}

/** One badge, or a list with one, as it stands in badges.yaml. */
function dataOf(draft: unknown): unknown {
  const data = typeof draft === 'string' ? parsed(draft) : draft;
  return Array.isArray(data) && data.length === 1 ? (data[0] as unknown) : data;
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw wrong([{ path: '', message: (error as Error).message }]);
  }
}

const wrong = (fields: FieldError[]): DomainError =>
  new DomainError('badge_wrong', 422, 'This is no badge of the programme.', fields);
