import type { Facts } from '#libs/expression';
import { audienceTriggers, inAudience } from '#libs/workflow';
import type { AudienceTrigger, Definition, PersonFacts } from '#libs/workflow';
import type { Happened } from './history.query.js';

/** Who belongs to the conditions of `enters` and `leaves`, from one look to the next; the first look only notes. */
export class MembershipWatch {
  private readonly triggers: AudienceTrigger[];
  private readonly members: Set<string>[];

  constructor(private readonly definition: Definition) {
    this.triggers = audienceTriggers(definition);
    this.members = this.triggers.map(() => new Set());
  }

  get isNeeded(): boolean {
    return this.triggers.length > 0;
  }

  /** Looks at a page of people; answers what would have been told. */
  look(people: readonly PersonFacts[], facts: Facts, at: number, first: boolean): Happened[] {
    return this.triggers.flatMap((trigger, index) =>
      people.flatMap((person) => {
        const answer = inAudience(this.definition, trigger.audience, { person, facts });
        const change = this.note(this.members[index]!, person.id, answer.ok && answer.value === true);
        const told = trigger.kind === 'enters' ? 'entered' : 'left';
        return first || change !== told ? [] : [this.happened(trigger, person.id, told, at)];
      }),
    );
  }

  private note(members: Set<string>, id: string, belongs: boolean): 'entered' | 'left' | null {
    if (belongs === members.has(id)) return null;
    if (belongs) members.add(id);
    else members.delete(id);
    return belongs ? 'entered' : 'left';
  }

  private happened(
    { trigger }: AudienceTrigger,
    personId: string,
    told: string,
    occurredAt: number,
  ): Happened {
    const data = { workflow: this.definition.id, trigger, personId };
    return { id: `${personId}:${trigger}`, type: `audience.${told}`, data, occurredAt };
  }
}
