import type { Duplex } from 'node:stream';

/** From the agent to its RFC process. Payloads are JSON. */
export const workerFrames = [
  'start',
  'call',
  'cancel',
  'credit',
  'logonGranted',
  'logonDenied',
  'leaveGiven',
  'leaveDenied',
  'areYouThere',
  'stop',
] as const;
/** And back. Payloads are JSON, except `chunk`, which is passed on as it is. */
export const agentFrames = [
  'ready',
  'unloadable',
  'chunk',
  'answer',
  'failed',
  'logonWanted',
  'logonEnded',
  'leaveWanted',
  'here',
  'log',
] as const;
const frameKinds = [...workerFrames, ...agentFrames];
export type FrameKind = (typeof frameKinds)[number];

export interface Frame<Kind extends FrameKind = FrameKind> {
  kind: Kind;
  /** Call (also of the leave for a step of it) or logon it belongs to; 0 for the process as a whole. */
  id: number;
  payload: Buffer;
}

const headLength = 9;

/** Length of what follows (4 bytes), kind (1), id (4), payload. */
export function writeFrame(stream: Duplex, kind: FrameKind, id: number, payload?: Buffer): void {
  const size = payload?.length ?? 0;
  const head = Buffer.allocUnsafe(headLength);
  head.writeUInt32LE(size + headLength - 4, 0);
  head.writeUInt8(frameKinds.indexOf(kind), 4);
  head.writeUInt32LE(id, 5);
  stream.cork();
  stream.write(head);
  if (payload && size > 0) stream.write(payload);
  stream.uncork();
}

export function writeJsonFrame(stream: Duplex, kind: FrameKind, id: number, value: unknown): void {
  writeFrame(stream, kind, id, Buffer.from(JSON.stringify(value)));
}

export function jsonOf(frame: Frame): unknown {
  return JSON.parse(frame.payload.toString('utf8')) as unknown;
}

/** Takes frames of these kinds out of a stream, whatever pieces the bytes come in. Answers a function that takes the next piece. */
export function frameReader<Kind extends FrameKind>(
  kinds: readonly Kind[],
  onFrame: (frame: Frame<Kind>) => void,
): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = headLength;
  return (piece) => {
    pieces.push(piece);
    held += piece.length;
    while (held >= needed) {
      const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, held);
      const size = bytes.readUInt32LE(0) + 4;
      if (bytes.length < size) {
        pieces = [bytes];
        needed = size;
        return;
      }
      const name = frameKinds[bytes.readUInt8(4)];
      const kind = kinds.find((one) => one === name);
      if (!kind) throw new Error(`frame ${name ?? bytes.readUInt8(4)} is not expected here`);
      const frame: Frame<Kind> = { kind, id: bytes.readUInt32LE(5), payload: bytes.subarray(headLength, size) };
      const rest = bytes.subarray(size);
      pieces = rest.length > 0 ? [rest] : [];
      held = rest.length;
      needed = headLength;
      onFrame(frame);
    }
  };
}
