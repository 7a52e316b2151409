import { addAmounts } from '@ml-connector/shared';
import type { SapMaterial } from '../../systems/sap-ecc/index.ts';
import type { UpsertBody } from './payload.ts';
import type { MaterialFlowSettings } from './settings.ts';

/** Whole pieces per location, none below zero. A location whose plants hold nothing gets 0: it may have held something before. */
export function mapStock(
  { stock }: SapMaterial,
  { stockLocations, safetyStock }: Pick<MaterialFlowSettings, 'stockLocations' | 'safetyStock'>,
): UpsertBody['stock'] {
  const byLocation = Map.groupBy(stockLocations, ({ locationId }) => locationId);
  return [...byLocation].map(([locationId, sources]) => {
    const counted = stock.filter(({ plant, storageLocation }) =>
      sources.some((one) => one.plant === plant && (one.storageLocations.length === 0 || one.storageLocations.includes(storageLocation))),
    );
    const sum = addAmounts('0', ...counted.map(({ quantity }) => quantity));
    return { locationId, quantity: Math.min(mostPieces, Math.max(0, wholePieces(sum) - safetyStock)) };
  });
}

/** The store counts up to here. */
const mostPieces = 2_147_483_647;

/** Rounded down; Q13.3 is well within what a JS number holds exactly. */
function wholePieces(quantity: string): number {
  return quantity.startsWith('-') ? 0 : Number(quantity.split('.')[0]);
}
