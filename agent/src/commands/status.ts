import { SystemError } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { openContext } from './context.ts';
import type { CommandIo, GlobalOptions } from './io.ts';
import type { AgentStatus } from '../status.ts';

/** How the running agent is: tunnel, systems, log level. */
export async function showStatus(options: GlobalOptions & { json?: boolean }, { stdout }: CommandIo): Promise<void> {
  const { dataDir } = openContext(options);
  const asked = await askAgent(dataDir, 'status');
  if (!asked) throw new SystemError('NOT_RUNNING', 'refused', `no agent runs on ${dataDir}`);
  const status = asked.answer as AgentStatus;
  stdout.write(options.json ? `${JSON.stringify(status, undefined, 2)}\n` : describe(status));
}

function describe({ version, pid, startedAt, agentId, relayUrl, tunnel, systems, units, logLevel }: AgentStatus): string {
  const lines = [
    `ml-agent ${version}, process ${pid}, since ${startedAt}, log level ${logLevel}`,
    `agent     ${agentId}`,
    `relay     ${relayUrl}`,
    `tunnel    ${tunnel.state}${tunnel.detail ? `: ${tunnel.detail}` : ''}`,
    `units     ${describeUnits(units)}`,
    ...systems.map(({ name, state, problem }) => `system    ${name}  ${state}${problem ? `: ${problem}` : ''}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeUnits({ running, interrupted = 0, unwritten, problem }: AgentStatus['units']): string {
  if (problem !== undefined) return problem;
  const parts = [
    `${running.length} under way`,
    ...(interrupted > 0 ? [`${interrupted} interrupted by a crash (ml-agent journal)`] : []),
    ...(unwritten > 0 ? [`${unwritten} not yet in the journal`] : []),
  ];
  return parts.join(', ');
}
