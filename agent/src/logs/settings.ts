import { z } from 'zod';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logSettings = z
  .strictObject({
    level: z
      .enum(logLevels)
      .default('info')
      .describe('Least severe messages that are written; changed without restart by `ml-agent logs level`'),
    dir: z.string().min(1).optional().describe('Folder of the log files; logs below the data folder when left out'),
    maxFileMb: z.number().min(0.01).max(1024).default(20).describe('A log file is closed at this size and a new one begun'),
    keepFiles: z.int().min(1).max(1000).default(14).describe('Closed log files that are kept'),
  })
  .prefault({})
  .describe('The log of the agent');
export type LogSettings = z.output<typeof logSettings>;
