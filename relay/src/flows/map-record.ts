import { toSystemError } from '@ml-connector/shared';
import { applyOverrides, type LoadedMapping, type OverriddenField } from '../mapping/index.ts';
import type { BlockReason, Flow, MapOutcome } from './flow.ts';

export interface RecordToMap {
  key: string;
  payload: unknown;
}

/**
 * Maps one record as the engine does before it posts: the flow's own mapping, then the integration's overrides, then the flow's check of
 * what they made. Never rejects: what goes wrong concerns this record and blocks it.
 */
export function mapRecord(
  flow: Flow,
  loaded: Pick<LoadedMapping, 'mapping' | 'overrides' | 'settings'>,
  record: RecordToMap,
): MapOutcome<unknown> | Promise<MapOutcome<unknown>> {
  const mapped = mapSafely(flow, loaded, record);
  if (!loaded.overrides || mapped.outcome !== 'mapped') return mapped;
  return override(flow, loaded, record, mapped).then(({ outcome }) => outcome);
}

export interface MappedInDetail {
  /** What the flow made, before any override. */
  flowOutcome: MapOutcome<unknown>;
  outcome: MapOutcome<unknown>;
  /** What became of each override. */
  fields: OverriddenField[];
}

/** The same, with what the overrides did field by field: for a preview. */
export async function mapInDetail(
  flow: Flow,
  loaded: Pick<LoadedMapping, 'mapping' | 'overrides' | 'settings'>,
  record: RecordToMap,
): Promise<MappedInDetail> {
  const flowOutcome = mapSafely(flow, loaded, record);
  if (!loaded.overrides || flowOutcome.outcome !== 'mapped') return { flowOutcome, outcome: flowOutcome, fields: [] };
  return { flowOutcome, ...(await override(flow, loaded, record, flowOutcome)) };
}

async function override(
  flow: Flow,
  { overrides, settings }: Pick<LoadedMapping, 'overrides' | 'settings'>,
  record: RecordToMap,
  mapped: Extract<MapOutcome<unknown>, { outcome: 'mapped' }>,
): Promise<Omit<MappedInDetail, 'flowOutcome'>> {
  if (!overrides) return { outcome: mapped, fields: [] };
  try {
    const { payload } = record;
    const { body, fields, reasons } = await applyOverrides(overrides, { payload, body: mapped.body, settings, at: flow.overridesIn });
    const all = [...reasons, ...(reasons.length === 0 ? (flow.checkBody?.(body, payload) ?? []) : [])];
    return { outcome: all.length > 0 ? { outcome: 'blocked', reasons: all } : { ...mapped, body }, fields };
  } catch (error) {
    return { outcome: failed(record, error), fields: [] };
  }
}

// A mapping that throws is a defect; it concerns this record and never its neighbours.
function mapSafely(flow: Flow, { mapping }: Pick<LoadedMapping, 'mapping'>, record: RecordToMap): MapOutcome<unknown> {
  try {
    return flow.map(record.payload, mapping);
  } catch (error) {
    return failed(record, error);
  }
}

function failed({ key }: RecordToMap, error: unknown): MapOutcome<unknown> {
  const { message } = toSystemError(error, `mapping ${key}`);
  const reasons: BlockReason[] = [{ code: 'MAPPING_FAILED', message }];
  return { outcome: 'blocked', reasons };
}
