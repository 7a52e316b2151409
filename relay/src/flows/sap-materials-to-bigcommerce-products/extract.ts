import { readSapMaterials, type ReadMaterials, type SapMaterial, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { ExtractedBatch, ExtractedRecord, ExtractInput } from '../flow.ts';
import type { MaterialPayload } from './payload.ts';
import { materialFlowSettings, needsPrices, type MaterialFlowSettings } from './settings.ts';

/** Materials with what the settings transfer, so that nothing else makes a new version; a sweep finds those that SAP no longer has, too. */
export async function* extractMaterials(input: ExtractInput<SapSession>): AsyncGenerator<ExtractedBatch<MaterialPayload>, void, void> {
  const { mode, cursor, source, scope } = input;
  const settings = materialFlowSettings.parse(input.settings);
  // Materials have no business day.
  const read: ReadMaterials = { ...readingOf(input, settings), mode: mode === 'backfill' ? 'sweep' : mode, cursor };
  const seen = new Set<string>();
  for await (const { materials, cursor: next } of readSapMaterials(source, read, scope)) {
    for (const { number } of materials) seen.add(number);
    yield { records: materials.map((material) => recordOf(material, settings)), ...(next === undefined ? {} : { cursor: next }) };
  }
  if (mode === 'sweep') yield { records: await findGone(input, settings, seen) };
}

function readingOf(input: ExtractInput<SapSession>, settings: MaterialFlowSettings): Omit<ReadMaterials, 'mode' | 'cursor'> {
  const {
    language = input.source.settings.language,
    stockLocations,
    materialTypes,
    salesOrganisation,
    distributionChannel,
    conditionType,
  } = settings;
  return {
    language,
    plants: [...new Set(stockLocations.map(({ plant }) => plant))],
    materialTypes,
    conditionType,
    ...(needsPrices(settings) && salesOrganisation && distributionChannel ? { salesOrganisation, distributionChannel } : {}),
    progress: (message) => input.progress(message),
  };
}

function recordOf(material: SapMaterial, { stock }: MaterialFlowSettings): ExtractedRecord<MaterialPayload> {
  return {
    key: material.number,
    label: material.description || material.number,
    payload: { kind: 'material', material: stock ? material : { ...material, stock: [] } },
  };
}

/** Linked, not read, and not there either when asked for by their number: the others are of material types that are no longer taken. */
async function findGone(
  input: ExtractInput<SapSession>,
  settings: MaterialFlowSettings,
  seen: ReadonlySet<string>,
): Promise<ExtractedRecord<MaterialPayload>[]> {
  const missing = (await input.linkedKeys()).filter((number) => !seen.has(number));
  if (missing.length === 0) return [];
  const read: ReadMaterials = { ...readingOf(input, settings), materialTypes: [], mode: 'keys', cursor: null, keys: missing };
  const there = new Set<string>();
  for await (const { materials } of readSapMaterials(input.source, read, input.scope))
    for (const { number } of materials) there.add(number);
  return missing
    .filter((number) => !there.has(number))
    .map((number) => ({ key: number, label: number, payload: { kind: 'gone', number } }));
}
