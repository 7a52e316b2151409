import type { CodesInput, ValueMapCodes } from '../flow.ts';

/** The codes that every integration needs; further ones are as many as a store has countries and groups. */
export function customerCodes(_input: CodesInput<unknown, unknown>): Promise<ValueMapCodes[]> {
  const from = [
    { code: 'company', name: 'Companies' },
    { code: 'person', name: 'Persons' },
  ];
  return Promise.resolve([{ valueMapId: 'reference-customers', from, to: [], proposals: [] }]);
}
