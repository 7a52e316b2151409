import type { JdeAccount } from '../../systems/jde/index.ts';

/** An account as JD Edwards has it, or the AID of one that it no longer has. */
export type AccountPayload = { kind: 'account'; account: JdeAccount } | { kind: 'gone'; id: string };

/** What is checked in Cin7 Core for one account: nothing is ever written there. */
export type AccountBody =
  | {
      action: 'link';
      /** AID. */
      id: string;
      /** As JD Edwards shows it. */
      code: string;
      /** The account of Cin7 Core that the value map names. */
      account: string;
    }
  | { action: 'forget'; id: string };
