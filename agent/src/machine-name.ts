import { hostname, release, type } from 'node:os';

/** Host and operating system, for people. */
export function machineName(): string {
  return `${hostname()}, ${type()} ${release()}`;
}
