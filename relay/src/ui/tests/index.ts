export { barriersOn } from './accessibility.ts';
export { chromiumPath, describeInBrowser } from './chromium.ts';
export { keepScreenshot, openInterface, password, type NewPerson, type OpenInterface, type Visitor } from './open-interface.ts';
