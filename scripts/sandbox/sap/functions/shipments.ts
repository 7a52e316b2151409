/** What a customer may have written to note shipments on FI documents; no stock ECC has such a module. Its interface is ours (README.md). */
import { textInput, type FunctionCall, type Structure } from './call.ts';

/** Bears being called twice with the same values. What was noted stands among what was committed. */
export function zShipmentNote(call: FunctionCall): Structure {
  const [BUKRS, BELNR, GJAHR, ...what] = ['BUKRS', 'BELNR', 'GJAHR', 'EVENT', 'WHICH', 'TRACKING'].map((name) => textInput(call, name));
  const document = [BUKRS, BELNR, GJAHR].join('/');
  if (!call.system.stored('BKPF').get([BUKRS ?? '', BELNR ?? '', GJAHR ?? '']))
    return { RETURN: { TYPE: 'E', ID: 'F5', NUMBER: '397', MESSAGE: `Document ${document} does not exist`, MESSAGE_V1: BELNR ?? '' } };
  call.session.updates.push(() => void call.system.committed.push(['Z_SHIPMENT_NOTE', document, ...what].join(' ').trimEnd()));
  return { RETURN: { TYPE: 'S', ID: 'F5', NUMBER: '312', MESSAGE: `Document ${document} will be changed`, MESSAGE_V1: BELNR ?? '' } };
}
