/** Fills a ledger, in a process of its own, so that its memory is not the engine's. `node fill-end.ts <file> <finished>` */
import { orderFlow } from '../pipeline/engine-end.ts';
import { benchFlow, openSeededLedger } from '../seeded-ledger.ts';
import { fillFinished } from './fill.ts';

const [file = '', finished = '0'] = process.argv.slice(2);
await using _store = await openSeededLedger(file, orderFlow.id);
fillFinished(file, benchFlow(orderFlow.id), Number(finished));
