import { foundation } from './0001-foundation.ts';
import type { Migration } from './migration.ts';

/** In order of their numbers, without a gap. */
export const migrations: readonly Migration[] = [foundation];
export type { Migration };
