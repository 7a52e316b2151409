export { sapControl, type SapControl } from './client.ts';
export { startSapProcess, type SapAnnouncement, type SapProcess } from './process.ts';
export { serveControl, type ControlCalls, type ControlServer } from './server.ts';
