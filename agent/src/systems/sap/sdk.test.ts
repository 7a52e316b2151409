import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectSdk, sdkLoadError } from './sdk.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sdk-'));
  mkdirSync(path.join(home, 'lib'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function elf(bits: 1 | 2, machine: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32BE(0x7f454c46, 0);
  head[4] = bits;
  head.writeUInt16LE(machine, 18);
  return head;
}

function dll(machine: number): Buffer {
  const head = Buffer.alloc(256);
  head.write('MZ');
  head.writeUInt32LE(0x80, 0x3c);
  head.write('PE\0\0', 0x80, 'latin1');
  head.writeUInt16LE(machine, 0x84);
  return head;
}

const put = (name: string, bytes: Buffer) => writeFileSync(path.join(home, 'lib', name), bytes);
const look = (platform: NodeJS.Platform) => inspectSdk({ sdkHome: home, installDir: undefined, platform });

test('a complete SDK has no problem', () => {
  put('libsapnwrfc.so', elf(2, 0x3e));
  put('libsapucum.so', elf(2, 0x3e));
  expect(look('linux')).toMatchObject({ home, architecture: 'x64', problem: undefined });
});

test.each<[string, NodeJS.Platform, Record<string, Buffer>, string, RegExp]>([
  ['an empty folder', 'linux', {}, 'SAP_SDK_MISSING', /nothing is there.*libsapnwrfc\.so and libsapucum\.so missing/],
  ['half an SDK', 'linux', { 'libsapnwrfc.so': elf(2, 0x3e) }, 'SAP_SDK_MISSING', /found there: libsapnwrfc\.so\): libsapucum\.so missing/],
  ['the Linux SDK on Windows', 'win32', { 'libsapnwrfc.so': elf(2, 0x3e) }, 'SAP_SDK_MISSING', /sapnwrfc\.dll/],
  ['the 32-bit SDK', 'win32', { 'sapnwrfc.dll': dll(0x14c), 'libsapucum.dll': dll(0x14c) }, 'SAP_SDK_WRONG', /32-bit/],
  ['the SDK for ARM', 'linux', { 'libsapnwrfc.so': elf(2, 0xb7), 'libsapucum.so': elf(2, 0xb7) }, 'SAP_SDK_WRONG', /another processor/],
])('%s is named, with what to do', (_what, platform, files, code, message) => {
  for (const [name, bytes] of Object.entries(files)) put(name, bytes);
  const { problem } = look(platform);
  expect(problem).toMatchObject({ code, verdict: 'halt', fix: expect.stringMatching(/sdkHome/) as unknown });
  expect(problem?.message).toMatch(message);
});

test('the usual places are looked at in order', () => {
  const { lookedAt } = inspectSdk({
    sdkHome: undefined,
    installDir: '/opt/ml-agent',
    platform: 'linux',
    environment: { SAPNWRFC_HOME: '/srv/sdk' },
  });
  expect(lookedAt).toEqual(['/srv/sdk', path.join('/opt/ml-agent', 'nwrfcsdk'), '/usr/local/sap/nwrfcsdk']);
});

test.each<[string, { code: string | undefined; message: string }, NodeJS.Platform, string]>([
  ['library missing', { code: 'ERR_DLOPEN_FAILED', message: 'libsapnwrfc.so: cannot open shared object file: No such file or directory\nenvironment: {}' }, 'linux', 'SAP_SDK_MISSING'],
  ['ICU missing', { code: 'ERR_DLOPEN_FAILED', message: 'libicuuc.so.50: cannot open shared object file: No such file or directory' }, 'linux', 'SAP_SDK_MISSING'],
  ['old C++ runtime', { code: 'ERR_DLOPEN_FAILED', message: "/lib64/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /opt/node.napi.node)" }, 'linux', 'SAP_LIBSTDCXX_OLD'],
  ['old SDK', { code: 'ERR_DLOPEN_FAILED', message: 'node.napi.node: undefined symbol: RfcLoadCryptoLibrary' }, 'linux', 'SAP_SDK_WRONG'],
  ['32-bit DLL', { code: 'ERR_DLOPEN_FAILED', message: '\\\\?\\C:\\agent\\node.napi.node is not a valid Win32 application.' }, 'win32', 'SAP_SDK_WRONG'],
  ['no module', { code: 'MODULE_NOT_FOUND', message: "Cannot find module 'node-rfc'" }, 'linux', 'SAP_RFC_MODULE_MISSING'],
  ['no binary', { code: undefined, message: 'No native build was found for platform=linux arch=arm64 runtime=node abi=137' }, 'linux', 'SAP_PLATFORM_UNSUPPORTED'],
])('a load failure is told apart: %s', (_what, failure, platform, code) => {
  put('libsapnwrfc.so', elf(2, 0x3e));
  put('libsapucum.so', elf(2, 0x3e));
  const error = sdkLoadError(failure, look('linux'), 'node-rfc', platform);
  expect(error).toMatchObject({ code, verdict: 'halt', fix: expect.any(String) as unknown });
}); // prettier-ignore

test('on Windows a missing DLL with a complete SDK points at the Visual C++ runtime', () => {
  put('sapnwrfc.dll', dll(0x8664));
  put('libsapucum.dll', dll(0x8664));
  const failure = { code: 'ERR_DLOPEN_FAILED', message: 'The specified module could not be found.\r\n\\\\?\\C:\\agent\\node.napi.node' };
  expect(sdkLoadError(failure, look('win32'), 'node-rfc', 'win32')).toMatchObject({
    code: 'SAP_VC_RUNTIME_MISSING',
    fix: expect.stringMatching(/Visual C\+\+ 2013/) as unknown,
  });
});
