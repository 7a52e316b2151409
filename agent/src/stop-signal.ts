/**
 * Aborts on SIGTERM and SIGINT, and at the end of standard input where the service host stops the agent that way (a Windows service gets
 * no signals: facts/packaging.md 3). A second signal ends the process at once.
 */
export function stopSignal({ stdin }: { stdin: NodeJS.ReadStream | undefined }): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    controller.abort(new Error(`stopped by ${name}`));
  };
  const onEnd = (): void => controller.abort(new Error('stopped by the service host'));
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  stdin?.on('end', onEnd).on('close', onEnd).resume();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
      stdin?.off('end', onEnd).off('close', onEnd).destroy();
    },
  };
}
