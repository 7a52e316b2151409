import type { ControlCalls } from './server.ts';

/** Calls the control endpoint; rejects with the system's own words when it refuses. */
export interface SapControl {
  call<Name extends keyof ControlCalls>(
    name: Name,
    ...request: Record<string, never> extends ControlCalls[Name]['request']
      ? [request?: ControlCalls[Name]['request']]
      : [request: ControlCalls[Name]['request']]
  ): Promise<ControlCalls[Name]['answer']>;
}

export function sapControl(url: string): SapControl {
  return {
    async call(name, ...[request]) {
      const response = await fetch(`${url}/${name}`, { method: 'POST', body: JSON.stringify(request ?? {}) });
      const body = (await response.json()) as { error?: string };
      if (!response.ok) throw new Error(`simulated SAP system: ${name}: ${body.error ?? response.status}`);
      return body as never;
    },
  };
}
