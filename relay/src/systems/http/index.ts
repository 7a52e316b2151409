export { deniedAddress } from './denied-address.ts';
export { HttpLoss, openHttp, type HttpAnswer, type HttpRequest, type HttpSender, type HttpSettings } from './send.ts';
export { openPace, sharedPace, type CallPace, type PaceSettings } from './pace.ts';
