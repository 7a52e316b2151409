import type { SimParts } from './parts.ts';

/** Tokens, cursors and cached answers live in memory: a restart loses them (facts/jde-ais.md 7). */
export function restartWith(parts: SimParts, { isDown }: { isDown: boolean }): void {
  parts.sessions.expireAll();
  parts.cursors.expireAll();
  parts.cache.clear();
  parts.isDown = isDown;
}

/** Up again by itself after `downMs`, at once without it. */
export function restart(parts: SimParts, downMs = 0): void {
  restartWith(parts, { isDown: downMs > 0 });
  if (downMs > 0) setTimeout(() => void (parts.isDown = false), downMs).unref();
}
