import http2 from 'node:http2';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { raiseWindows, windowBytes } from './http2-windows.ts';

test('an agent may send 4 MB ahead on its stream and on its connection; a change in grpc-js shows here', async () => {
  const server = new Server();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  raiseWindows(server);
  const client = http2.connect(`http://127.0.0.1:${port}`);
  const isRaised = (): boolean =>
    client.remoteSettings.initialWindowSize === windowBytes && (client.state.remoteWindowSize ?? 0) >= windowBytes;
  await new Promise((resolve) => client.on('remoteSettings', resolve));
  // The connection's window follows in a frame of its own; a ping comes back after it.
  while (!isRaised()) await new Promise((resolve) => client.ping(resolve));
  client.close();
  server.forceShutdown();
});

test('a grpc-js without the field says so at the start, and not as a slow upload later', () => {
  expect(() => raiseWindows({} as Server)).toThrow('grpc-js no longer keeps its servers in http2Servers');
});
