/** Fills a ledger, in a process of its own, so that its memory is not the engine's. `node fill-end.ts <file> <finished>` */
import { openLedger, orderFlow } from '../pipeline/engine-end.ts';
import { fillFinished } from './fill.ts';

const [file = '', finished = '0'] = process.argv.slice(2);
await using _store = await openLedger(file);
fillFinished(file, { tenantId: 'ten_1', integrationId: 'int_1', flowId: orderFlow.id }, Number(finished));
