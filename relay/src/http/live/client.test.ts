import { EventEmitter } from 'node:events';
import { systemClock } from '@ml-connector/shared';
import type { WebSocket } from 'ws';
import { createListeners } from '../../store/changes.ts';
import { LiveClient } from './client.ts';
import { openLiveFeed } from './feed.ts';

test('a client that reads nothing is cut, rather than that messages pile up for it', () => {
  let [isCut, sent] = [false, 0];
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    bufferedAmount: 0,
    ping: () => undefined,
    send: () => void (sent += 1),
    terminate: () => void (isCut = true),
  });
  using feed = openLiveFeed(createListeners());
  const client = new LiveClient({ socket: socket as unknown as WebSocket, feed, clock: systemClock, tenantId: 'ten_1', after: undefined });
  socket.bufferedAmount = 65_000;
  client.beat();
  expect([isCut, sent]).toEqual([true, 1]);
  socket.emit('close');
});
