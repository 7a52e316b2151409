/**
 * Program of the RFC process. Loads node-rfc and with it the customer's SAP NW RFC SDK, whose crashes then cost a call and not the
 * agent. Speaks to the agent over file descriptor 3; standard output is left to the SDK.
 */
import { Socket } from 'node:net';
import { serve } from './serve.ts';

serve(new Socket({ fd: 3, readable: true, writable: true }), {
  exit: (code) => process.exit(code),
  // `process.exit` waits for the calls that run in the SDK.
  die: () => process.kill(process.pid, 'SIGKILL'),
});
