import type { Frame } from '@ml-connector/proto';

/** Why a carrier closed: a code of `endings.ts` and a sentence for both logs. */
export interface CloseReason {
  code: string;
  message: string;
}

export interface Receiver {
  onFrame(frame: Frame): void;
  /** Called once; nothing follows. */
  onClose(reason: CloseReason): void;
}

/** `bulk` frames give way to the others, but are never starved by them. Order is kept within a lane only. */
export type Lane = 'first' | 'bulk';

/** Carries frames between one agent and one relay: gRPC, WebSocket, memory. */
export interface Carrier {
  /** The other end, for logs: `10.0.0.7:51234`. */
  readonly peer: string;
  /** Never blocks and never throws; credits keep the queue small. Frames sent after the end are dropped. */
  send(frame: Frame, lane?: Lane): void;
  /** Receives from now on, beginning with what arrived while nobody did. */
  attach(receiver: Receiver): void;
  /** Frames are kept from now on, until the next `attach`. */
  detach(): void;
  /** Sends what is queued and closes; the receiver's `onClose` gets the reason. */
  close(reason: CloseReason): void;
  /** Closes without another word; for a peer that is silent. */
  abort(reason: CloseReason): void;
}

/** Largest gRPC or WebSocket message either side accepts. */
export const maxMessageBytes = 16 << 20;
/** Largest payload of one frame. */
export const maxFrameBytes = 4 << 20;
