/** What a value of the sample data is, as far as a template can ask. */
export type Shape =
  /** `absent`: it is empty in every mail of this template, so what asks for it is never reached. */
  | { kind: 'text' | 'number' | 'truth' | 'nothing' | 'absent' }
  | { kind: 'list'; item: Shape }
  | { kind: 'fields'; fields: Record<string, Shape> };

/** The shape of a value; a list is of what its first item is. */
export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return { kind: 'list', item: shapeOf(value[0]) };
  if (typeof value === 'object' && value !== null)
    return {
      kind: 'fields',
      fields: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)])),
    };
  if (typeof value === 'string') return { kind: 'text' };
  if (typeof value === 'number') return { kind: 'number' };
  return { kind: typeof value === 'boolean' ? 'truth' : 'nothing' };
}

/** How a shape is called in a finding. */
export const shapeNames: Record<Shape['kind'], string> = {
  text: 'a text',
  number: 'a number',
  truth: 'true or false',
  nothing: 'nothing',
  absent: 'nothing',
  list: 'a list',
  fields: 'a group of fields',
};

/** What helpers want, parameter by parameter; others take anything. */
export const wanted: Record<string, readonly Shape['kind'][]> = {
  number: ['number'],
  money: ['number', 'text'],
  period: ['text'],
  date: ['text'],
  atMost: ['number', 'number'],
  change: ['number', 'number'],
  trend: ['number', 'number'],
  plural: ['number'],
  ordinal: ['number'],
  badgeName: ['text'],
  badgeDescription: ['text'],
  badgeMark: ['text'],
  each: ['list'],
  with: ['fields'],
};
