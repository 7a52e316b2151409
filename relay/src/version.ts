import manifest from '../package.json' with { type: 'json' };

/** Version of this relay. */
export const relayVersion: string = manifest.version;
