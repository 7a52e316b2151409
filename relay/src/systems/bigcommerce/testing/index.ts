export { scriptedStore, type Asked, type Scripted, type ScriptedStore } from './scripted-store.ts';
export { anOrder, aLine } from './samples.ts';
