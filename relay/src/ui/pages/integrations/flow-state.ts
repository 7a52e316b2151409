import type { FlowHealth, IntegrationFlow } from '../../api/index.ts';
import type { Light } from '../../shell/index.ts';

export interface FlowState {
  light: Light;
  words: string;
}

/** How a flow is, in a few words. */
export function stateOfFlow(flow: IntegrationFlow, health?: FlowHealth): FlowState {
  if (!flow.enabled) return { light: 'off', words: 'switched off' };
  if (flow.paused) return { light: 'warning', words: 'paused' };
  if (flow.source.isHeld) return { light: 'bad', words: 'nothing is read' };
  if (flow.failures > 0)
    return { light: 'bad', words: flow.failures === 1 ? 'the last run failed' : `${flow.failures} runs failed in a row` };
  if (flow.posting.holds.some(({ code }) => code === 'CONNECTION_HALTED')) return { light: 'bad', words: 'nothing is posted' };
  const { blocked = 0, uncertain = 0 } = health?.unsettled ?? {};
  if (uncertain > 0) return { light: 'warning', words: 'records uncertain' };
  if (blocked > 0) return { light: 'warning', words: 'records blocked' };
  if (flow.posting.isHeld) return { light: 'warning', words: 'posting is held' };
  if (health?.lastRun?.state === 'running') return { light: 'good', words: 'running' };
  return { light: 'good', words: 'flowing' };
}
