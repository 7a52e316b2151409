export { askAgent, openControl, type ControlCommand, type ControlHandlers } from './control.ts';
export { lockDataDir, type DataDirLock } from './lock.ts';
