import type { Cin7Supplier } from './cin7-process.ts';
import type { Landscape } from './landscape.ts';

/** What SAP itself says must be in Cin7 Core, worked out from its tables and not from anything the relay believes. */
export interface Expected {
  /** Vendor numbers that must have exactly one supplier. */
  vendors: Map<string, { name: string; isDeprecated: boolean }>;
  oneTime: number;
}

export async function expectedSuppliers({ sap }: Landscape): Promise<Expected> {
  const lfa1 = await sap.control.call('rows', { table: 'LFA1' });
  const adrc = new Map(
    (await sap.control.call('rows', { table: 'ADRC' })).filter((row) => !row['NATION']).map((row) => [row['ADDRNUMBER'], row]),
  );
  const vendors: Expected['vendors'] = new Map();
  for (const row of lfa1) {
    if (row['XCPDK'] === 'X') continue;
    const isDeprecated = ['LOEVM', 'SPERR', 'SPERM'].some((flag) => row[flag] === 'X');
    vendors.set(row['LIFNR'] ?? '', { name: (adrc.get(row['ADRNR'] ?? '')?.['NAME1'] || row['NAME1'] || '').trim(), isDeprecated });
  }
  return { vendors, oneTime: lfa1.length - vendors.size };
}

/** Every vendor once, under its name, none beside them; `explained` ones may be missing. */
export function deviationsOf(expected: Expected, suppliers: readonly Cin7Supplier[], explained: ReadonlySet<string> = new Set()): string[] {
  const byNumber = Map.groupBy(suppliers, (supplier) => supplier.AdditionalAttribute1 ?? '');
  const deviations: string[] = [];
  for (const [number, { name, isDeprecated }] of expected.vendors) {
    const found = byNumber.get(number) ?? [];
    if (found.length !== 1 && !(found.length === 0 && explained.has(number)))
      deviations.push(`vendor ${number} (${name}) has ${found.length} suppliers`);
    const [supplier] = found;
    if (!supplier) continue;
    if (!supplier.Name.startsWith(name)) deviations.push(`vendor ${number} is called ${name} in SAP and ${supplier.Name} in Cin7`);
    if (supplier.Addresses.length > 1) deviations.push(`supplier ${supplier.Name} has ${supplier.Addresses.length} addresses`);
    if (isDeprecated && supplier.Status !== 'Deprecated')
      deviations.push(`vendor ${number} is blocked in SAP, its supplier is ${supplier.Status}`);
  }
  for (const [number, [supplier]] of byNumber)
    if (!expected.vendors.has(number))
      deviations.push(`supplier ${supplier?.Name ?? ''} carries vendor number ${number || '(none)'}, which SAP does not have`);
  return deviations;
}
