export interface ValueMapSpec {
  /** `payment-terms`. */
  id: string;
  title: string;
  from: string;
  to: string;
  /** What happens to a record whose code has no entry: it waits for one, a default is used, or the code goes through as it is. */
  missing: MissingPolicy;
}

/** Value maps of some flows; flows that name the same map share it. */
export function valueMapsOf(
  flows: readonly { id: string; valueMaps: readonly ValueMapSpec[] }[],
  flowIds: readonly string[],
): ValueMapSpec[] {
  const specs = flows.filter(({ id }) => flowIds.includes(id)).flatMap(({ valueMaps }) => [...valueMaps]);
  return [...new Map(specs.map((spec) => [spec.id, spec])).values()];
}

export const missingPolicies = ['block', 'default', 'pass'] as const;
export type MissingPolicy = (typeof missingPolicies)[number];

/** What a flow's `map` may look at besides the payload. */
export interface Mapping {
  settings: unknown;
  /**
   * The target's code, or undefined when there is no entry and the record has to wait for one. Of several codes the first that has an
   * entry counts; where none has, the map's policy answers for the last: `1000/113100`, then `113100` for every company code.
   */
  lookup(valueMapId: string, ...codes: string[]): string | undefined;
}

/** Codes of both sides with their names, as a flow reads them for the value maps' editor. */
export interface ValueMapCodes {
  valueMapId: string;
  from: { code: string; name: string }[];
  to: { code: string; name: string }[];
  /** Pairs that look right; a person decides. */
  proposals: { from: string; to: string; why: string }[];
}
