import {
  anyMoment,
  begun,
  idle,
  ledgerPoint,
  sapCall,
  sapFunction,
  sapLookUpAfterLoss,
  settled,
  takenIn,
  webhook,
  type Step,
} from '../steps.ts';

/** What every flow of the shop begins with; `events` come for sure with the work. */
export function arriving(flowId: string, { events, records }: { events: number; records: number }): Step[] {
  return [
    idle,
    anyMoment,
    webhook('webhook on its way', { phase: 'before', nth: [1, events] }),
    webhook('webhook answered', { phase: 'after', nth: [1, events] }),
    ledgerPoint('event is on disk', { query: 'select count(*) from webhook_event', nth: [1, events] }),
    ledgerPoint('taken in', { ...takenIn(flowId), nth: [1, records] }),
    ledgerPoint('posting is on disk', { ...begun(flowId), nth: [1, records] }),
    ledgerPoint('settling', { ...settled(flowId), nth: [1, records] }),
  ];
}

/** A unit of SAP: the calls of these functions, and the commit. */
export function unitOfSap(name: string, { functions, nth }: { functions: string[]; nth: [number, number] }): Step[] {
  return [
    sapFunction(`${name}, not there yet`, { phase: 'before', functions, nth }),
    sapFunction(`${name}, before the commit`, { phase: 'after', functions, nth }),
  ];
}

export function committing(nth: [number, number]): Step[] {
  const functions = ['BAPI_TRANSACTION_COMMIT'];
  return [
    sapFunction('commit sent', { phase: 'before', functions, nth }),
    sapFunction('committed, answer on its way', { phase: 'after', functions, nth }),
  ];
}

/** The look before the first post, and the one after a lost answer. */
export function looking(tables: string[], nth: [number, number]): Step[] {
  return [sapCall('look before posting', { phase: 'before', tables, nth }), sapLookUpAfterLoss('look-up after a lost answer', { tables })];
}
