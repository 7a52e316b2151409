import { workerEnvironment } from './worker-environment.ts';

test('on Linux the SDK comes first on the library path, and only what is needed is passed on', () => {
  const own = { LD_LIBRARY_PATH: '/opt/other', PATH: '/usr/bin', SECUDIR: '/sec', RELAY_TOKEN: 'secret', HOME: '/home/mla' };
  const environment = workerEnvironment({
    libraryFolder: '/srv/nwrfcsdk/lib',
    maxConnections: 10,
    extra: { RFC_INI: '/etc/rfc.ini' },
    platform: 'linux',
    own,
  });
  expect(environment).toEqual({
    LD_LIBRARY_PATH: '/srv/nwrfcsdk/lib:/opt/other',
    PATH: '/usr/bin',
    SECUDIR: '/sec',
    HOME: '/home/mla',
    RFC_INI: '/etc/rfc.ini',
    MALLOC_ARENA_MAX: '2',
    UV_THREADPOOL_SIZE: '14',
  });
});

test('on Windows it comes first on PATH, however that is spelt', () => {
  const own = { Path: 'C:\\Windows\\system32', SystemRoot: 'C:\\Windows' };
  const environment = workerEnvironment({ libraryFolder: 'C:\\nwrfcsdk\\lib', maxConnections: 2, extra: {}, platform: 'win32', own });
  expect(environment).toMatchObject({
    PATH: 'C:\\nwrfcsdk\\lib;C:\\Windows\\system32',
    SystemRoot: 'C:\\Windows',
    UV_THREADPOOL_SIZE: '6',
  });
});

test('without an SDK folder the own library path stays', () => {
  const environment = workerEnvironment({ libraryFolder: undefined, maxConnections: 1, extra: {}, platform: 'linux', own: {} });
  expect(environment).not.toHaveProperty('LD_LIBRARY_PATH');
});
