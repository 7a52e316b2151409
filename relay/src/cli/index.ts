export { runCommandLine, type CommandLineIo } from './command-line.ts';
