/** `Name`, `Addresses[0].Line2`, `Lines[*].Reference`: names as the target spells them, places from 0, `[*]` for every entry of a list. */
export type PathStep = string | number | typeof every;

export const every = Symbol('every');

/** One field of a body that a path leads to. */
export interface Place {
  /** `Lines[3].Reference`. */
  path: string;
  /** The object that holds the field. */
  holder: Record<string, unknown>;
  field: string;
  /** The innermost entry that a `[*]` went through, and its place. */
  item?: unknown;
  index?: number;
}

const name = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/;
const unsafe = new Set(['__proto__', 'prototype', 'constructor']);
const deepest = 10;

/** The steps of a path, or what is wrong with it. */
export function parsePath(text: string): PathStep[] | { fault: string } {
  const steps: PathStep[] = [];
  for (const part of text.split('.')) {
    const match = /^([^[\]]+)((?:\[(?:\d{1,4}|\*)\])*)$/.exec(part);
    const [, field = '', places = ''] = match ?? [];
    if (!name.test(field) || unsafe.has(field)) return { fault: 'must be written like Name, Addresses[0].Line2 or Lines[*].Reference' };
    steps.push(field);
    for (const [, place = ''] of places.matchAll(/\[(\d+|\*)\]/g)) steps.push(place === '*' ? every : Number(place));
  }
  if (typeof steps.at(-1) !== 'string') return { fault: 'must end with the name of a field' };
  if (steps.length > deepest) return { fault: `must have at most ${deepest} steps` };
  return steps;
}

/** Every place of `body` that the path leads to; what is not there (a second address) has none. */
export function placesOf(body: unknown, steps: readonly PathStep[]): Place[] {
  const places: Place[] = [];
  walk(body, 0, { path: '' });
  return places;

  function walk(value: unknown, depth: number, at: Pick<Place, 'path' | 'item' | 'index'>): void {
    const step = steps[depth];
    if (step === undefined) return;
    if (typeof step !== 'string') {
      if (!Array.isArray(value)) return;
      const entries = step === every ? [...value.entries()] : value.length > step ? [[step, value[step]] as const] : [];
      for (const [index, item] of entries)
        walk(item, depth + 1, { ...at, path: `${at.path}[${index}]`, ...(step === every && { item, index }) });
      return;
    }
    if (!isGroup(value)) return;
    const path = at.path === '' ? step : `${at.path}.${step}`;
    if (depth === steps.length - 1) places.push({ ...at, path, holder: value, field: step });
    else if (Object.hasOwn(value, step)) walk(value[step], depth + 1, { ...at, path });
  }
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
