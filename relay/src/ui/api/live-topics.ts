/** As `/live` tells it. */
export interface LiveChange {
  about: string;
  /** null: many. */
  id: string | null;
}

/** Parts of the API whose answers a change may touch; what is not listed here may touch everything. */
const touched: Record<string, readonly string[]> = {
  record: ['records', 'overview', 'integrations', 'value-maps', 'runs', 'replays'],
  run: ['runs', 'run-requests', 'overview', 'integrations', 'dry-runs', 'reconciliations'],
  connection: ['connections', 'overview', 'integrations'],
  agent: ['agents', 'sites', 'overview', 'connections', 'enroll-tokens'],
  alert: ['alerts', 'overview'],
};

/** Built into the relay, or asked of somebody far away: no change makes them different. */
const unchanging = new Set(['systems.list', 'flows.list', 'states.list', 'links.look']);
const ofOneRecord = new Set(['records.get', 'records.story']);

/** Whether what a query asks for may have an other answer after these changes. The key begins with the id of the operation. */
export function isTouched(queryKey: readonly unknown[], changes: readonly LiveChange[]): boolean {
  const operation = String(queryKey[0]);
  if (unchanging.has(operation)) return false;
  const part = operation.split('.')[0] ?? '';
  return changes.some(({ about, id }) => {
    const parts = touched[about];
    if (parts && !parts.includes(part)) return false;
    return about !== 'record' || id === null || !ofOneRecord.has(operation) || recordIn(queryKey) === id;
  });
}

function recordIn([, path]: readonly unknown[]): unknown {
  return path instanceof Object && 'recordId' in path ? path.recordId : undefined;
}
