import type { LiveChange } from './live-topics.ts';

export interface LiveLine {
  /** Ends it for good. */
  hangUp: () => void;
}

export interface LiveLineEvents {
  /** 'all': what happened is not known, so anything may be different. */
  onChanges: (changes: LiveChange[] | 'all') => void;
  onState: (isConnected: boolean) => void;
}

interface Message {
  seq: string;
  changes: LiveChange[];
  reset?: true;
}

const firstWaitMs = 1000;
const longestWaitMs = 30_000;
/** The relay says something each ten seconds. */
const silenceMs = 35_000;

/** Listens to what changes in a tenant until it is hung up; a broken line is opened again, and goes on where it was. */
export function openLiveLine(tenantId: string, { onChanges, onState }: LiveLineEvents): LiveLine {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let seq: string | undefined;
  let wasOpen = false;
  let failures = 0;
  let isOver = false;

  function after(waitMs: number, then: () => void): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(then, waitMs);
  }

  function open(): void {
    if (isOver) return;
    const query = new URLSearchParams({ tenant: tenantId, ...(seq === undefined ? {} : { after: seq }) });
    const own = new WebSocket(`${window.location.origin.replace(/^http/, 'ws')}/live?${query.toString()}`);
    socket = own;
    after(silenceMs, () => broken(own));
    own.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (own === socket) hear(own, JSON.parse(data) as Message);
    });
    own.addEventListener('close', () => broken(own));
  }

  function hear(own: WebSocket, message: Message): void {
    after(silenceMs, () => broken(own));
    if (!wasOpen) onState(true);
    wasOpen = true;
    failures = 0;
    ({ seq } = message);
    if (message.reset) onChanges('all');
    else if (message.changes.length > 0) onChanges(message.changes);
  }

  function broken(own: WebSocket): void {
    if (own !== socket || isOver) return;
    socket = undefined;
    own.close();
    onState(false);
    // Signed out perhaps, or another role: what is shown finds out by asking.
    if (wasOpen) onChanges('all');
    wasOpen = false;
    // All pages of a relay that starts anew would come at once.
    after(Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** failures), open);
    failures += 1;
  }

  function openNow(): void {
    if (socket === undefined) after(0, open);
  }

  window.addEventListener('online', openNow);
  open();
  return {
    hangUp() {
      isOver = true;
      window.removeEventListener('online', openNow);
      window.clearTimeout(timer);
      socket?.close();
    },
  };
}
