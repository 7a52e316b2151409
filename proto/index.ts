export * from './codec.ts';
export * from './frames.ts';
export * from './services.ts';
