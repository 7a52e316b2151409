export { roundTripWords, stateOfAgent } from './state-of-agent.ts';
export { TunnelsPage } from './tunnels-page.tsx';
