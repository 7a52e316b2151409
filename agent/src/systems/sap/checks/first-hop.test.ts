import { sapSystemConfig } from '../settings.ts';
import { firstHop } from './first-hop.ts';

const user = { type: 'sap-ecc', client: '100', user: 'RFC_MLCONN' };

test.each<[string, object, { host: string; port: number } | undefined]>([
  ['application server', { ashost: 'sapprd', sysnr: '00' }, { host: 'sapprd', port: 3300 }],
  [
    'application server with SNC',
    { ashost: 'sapprd', sysnr: '42', snc_mode: 1, snc_partnername: 'p:CN=PRD' },
    { host: 'sapprd', port: 4842 },
  ],
  [
    'SAProuter',
    { ashost: 'sapprd', sysnr: '00', saprouter: '/H/router.example.com/S/3299/H/' },
    { host: 'router.example.com', port: 3299 },
  ],
  ['SAProuter without a port', { ashost: 'sapprd', sysnr: '00', saprouter: '/H/router/H/' }, { host: 'router', port: 3299 }],
  ['chain of SAProuters', { ashost: 'sapprd', sysnr: '00', saprouter: '/H/one/S/3298/H/two/S/3299/H/' }, { host: 'one', port: 3298 }],
  ['message server by port', { mshost: 'sapmsg', msserv: 3600, r3name: 'PRD' }, { host: 'sapmsg', port: 3600 }],
  ['message server by service name', { mshost: 'sapmsg', msserv: 'sapmsPRD', r3name: 'PRD' }, undefined],
  ['gateway by service name', { ashost: 'sapprd', sysnr: '00', gwhost: 'sapgw', gwserv: 'sapgw07' }, { host: 'sapgw', port: 3307 }],
  ['gateway by port', { ashost: 'sapprd', sysnr: '00', gwhost: 'sapgw', gwserv: '3311' }, { host: 'sapgw', port: 3311 }],
  ['sapnwrfc.ini', { dest: 'PRD' }, undefined],
])('%s', (_what, settings, hop) => {
  expect(firstHop(sapSystemConfig.parse({ ...user, ...settings }))).toEqual(hop);
});
