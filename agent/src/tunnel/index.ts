export { dialGrpc } from './grpc-carrier.ts';
export { runTunnel, type TunnelSettings } from './run-tunnel.ts';
export type { TunnelStatus } from './status.ts';
