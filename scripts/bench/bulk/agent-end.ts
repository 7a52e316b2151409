/** The agent's end of the bulk benchmark, in a process of its own: a handler that sends ready-made chunks, through the tunnel or bare. */
import { startAgent } from '../../acceptance/tunnel-pair.ts';
import { answerQuestions } from '../tunnel/asking.ts';
import { sendChunks } from './bare-stream.ts';
import { preparedChunks, rowsPerChunk } from './chunks.ts';

const opened = new AsyncDisposableStack();

const questions = {
  /** Resolves once the tunnel is up. A read is asked for with `{ rows }`. */
  async tunnel({ token }: { token: string }): Promise<void> {
    const chunkAt = preparedChunks();
    const agent = opened.use(
      await startAgent({ token: async () => token }, async (call) => {
        const { rows } = call.request as { rows: number };
        for (let chunk = 0; chunk * rowsPerChunk < rows; chunk += 1) await call.send(chunkAt(chunk));
        return { rows };
      }),
    );
    await agent.status('connected');
  },
  async sendBare(to: { port: number; ca: string; rows: number }): Promise<void> {
    await sendChunks(to);
  },
};
export type BulkAgentQuestions = typeof questions;
answerQuestions(questions, opened);
