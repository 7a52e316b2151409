export { dialGrpc } from './grpc-carrier.ts';
export { runTunnel, type TunnelSettings, type TunnelStatus } from './run-tunnel.ts';
