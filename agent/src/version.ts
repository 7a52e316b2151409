import manifest from '../package.json' with { type: 'json' };

/** Version of this agent, as it tells the relay. */
export const agentVersion: string = manifest.version;
