export { agentFrames, frameReader, jsonOf, writeFrame, writeJsonFrame, type Frame } from './frames.ts';
export {
  type CallMessage,
  type LoadFailureMessage,
  type LogMessage,
  type LogonGrant,
  type LogonOutcome,
  type PingAnswer,
  type ReadyMessage,
  type StartMessage,
  type UnitLeave,
} from './protocol.ts';
