import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome'];

/** The browser of this machine: `CHROMIUM`, or where Linux distributions put it; undefined where there is none. */
export const chromiumPath = [process.env['CHROMIUM'] ?? '', ...places].find((file) => file !== '' && existsSync(file));

/** Tests in a real browser; they are left out, and say so, where there is none. */
export const describeInBrowser: (name: string, tests: () => void) => void = chromiumPath
  ? (name, tests) => describe(name, tests)
  : (name, tests) => describe.skip(`${name}: no Chromium here; install it, or name it in CHROMIUM`, tests);
