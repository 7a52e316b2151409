declare module 'smtp-server' {
  import type { Readable } from 'node:stream';
  import type { Server } from 'node:net';

  interface Options {
    authOptional?: boolean;
    secure?: boolean;
    cert?: string;
    key?: string;
    disabledCommands?: string[];
    onAuth?(
      auth: { username: string; password: string },
      session: { secure: boolean },
      done: (error: Error | null, answer?: { user: string }) => void,
    ): void;
    onData?(stream: Readable, session: { secure: boolean; user?: string }, done: (error?: Error) => void): void;
  }

  export class SMTPServer {
    constructor(options: Options);
    server: Server;
    listen(port: number, host: string, listening: () => void): void;
    close(closed: () => void): void;
  }
}
