import { decodeBatch, encodeBatch, kindOf, type Frame } from '@ml-connector/proto';
import { Batcher, payloadBytes } from './batcher.ts';
import { maxFrameBytes, maxMessageBytes, type Carrier, type CloseReason, type Lane, type Receiver } from './carrier.ts';

/** What a transport offers; it calls `received` and `closed` of its carrier. */
export interface MessagePipe {
  /** `written` is called once the transport can take the next message. */
  write(message: Buffer, written: () => void): void;
  /** Lets what was written go out, then closes; forces it after a few seconds. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/** A carrier over any transport of whole messages. Undecodable or oversized input ends it with a Goodbye that names the reason. */
export class MessageCarrier implements Carrier {
  readonly peer: string;
  readonly #pipe: MessagePipe;
  readonly #batcher: Batcher;
  #receiver: Receiver | undefined;
  #kept: Frame[] = [];
  #closed: CloseReason | undefined;
  #closeIsTold = false;

  constructor(pipe: MessagePipe, peer: string) {
    this.peer = peer;
    this.#pipe = pipe;
    this.#batcher = new Batcher((frames, written) => pipe.write(encodeBatch(frames), written));
  }

  send(frame: Frame, lane: Lane = 'first'): void {
    if (!this.#closed) this.#batcher.send(frame, lane);
  }

  attach(receiver: Receiver): void {
    this.#receiver = receiver;
    const kept = this.#kept;
    this.#kept = [];
    for (const frame of kept) this.#deliver(frame);
    this.#tellClose();
  }

  detach(): void {
    this.#receiver = undefined;
  }

  close(reason: CloseReason): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#batcher.flush();
    this.#pipe.end();
    this.#tellClose();
  }

  abort(reason: CloseReason): void {
    this.#closed ??= reason;
    this.#pipe.destroy();
    this.#tellClose();
  }

  /** The transport got a message. */
  received(message: Uint8Array): void {
    if (this.#closed) return;
    if (message.length > maxMessageBytes)
      return this.#refuse('MESSAGE_TOO_LARGE', `a message of ${message.length} bytes came; the limit is ${maxMessageBytes}`);
    let frames: readonly Frame[];
    try {
      frames = decodeBatch(message);
    } catch (error) {
      return this.#refuse('MALFORMED_MESSAGE', `a message of ${message.length} bytes is not a batch of frames: ${String(error)}`);
    }
    for (const frame of frames) {
      if (this.#closed) return;
      if (kindOf(frame) === undefined) return this.#refuse('UNKNOWN_FRAME', 'a frame of a kind this build does not know came');
      if (payloadBytes(frame) > maxFrameBytes)
        return this.#refuse('FRAME_TOO_LARGE', `a frame of ${payloadBytes(frame)} bytes came; the limit is ${maxFrameBytes}`);
      this.#deliver(frame);
    }
  }

  /** The transport is gone, by whatever cause. */
  closed(reason: CloseReason): void {
    this.#closed ??= reason;
    this.#tellClose();
  }

  #deliver(frame: Frame): void {
    if (this.#receiver) this.#receiver.onFrame(frame);
    else this.#kept.push(frame);
  }

  #refuse(code: string, reason: string): void {
    this.send({ goodbye: { code, reason } });
    this.close({ code, message: reason });
  }

  #tellClose(): void {
    if (!this.#closed || !this.#receiver || this.#closeIsTold || this.#kept.length > 0) return;
    this.#closeIsTold = true;
    this.#receiver.onClose(this.#closed);
  }
}
