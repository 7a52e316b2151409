import { compareMoments, momentBefore, type SapMoment } from '@ml-connector/shared';

/** How far a source was read, by the server's own clock and the offset that it reported then. */
export interface ReadMark {
  until: SapMoment;
  zone: string;
}

/**
 * Where to read on from. Stamps are set before the change is saved, hence the overlap. When the server's clock stands before what was
 * read, or its offset changed (end of summer time: an hour comes twice), an hour more is read.
 */
export function readFrom(mark: ReadMark, now: { serverTime: SapMoment; zone: string; overlapMinutes: number }): SapMoment {
  const wasPutBack = compareMoments(now.serverTime, mark.until) < 0;
  const from = wasPutBack ? now.serverTime : mark.until;
  const movedSeconds = wasPutBack || now.zone !== mark.zone ? 3600 : 0;
  return momentBefore(from, now.overlapMinutes * 60 + movedSeconds);
}
