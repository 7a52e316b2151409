import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** Posts events over kept connections, so many at the same time. */
export class Sender {
  private readonly timeoutMs: number;
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;

  constructor({ timeoutMs, parallel }: { timeoutMs: number; parallel: number }) {
    this.timeoutMs = timeoutMs;
    this.http = new HttpAgent({ keepAlive: true, maxSockets: parallel });
    this.https = new HttpsAgent({ keepAlive: true, maxSockets: parallel });
  }

  /** The status of the answer; 0 when there was none in time. Redirects are not followed. */
  send({ destination, headers, body }: { destination: string; headers: Record<string, string>; body: string }): Promise<number> {
    const isHttps = destination.startsWith('https:');
    const options: RequestOptions = {
      method: 'POST',
      agent: isHttps ? this.https : this.http,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      timeout: this.timeoutMs,
    };
    return new Promise((resolve) => {
      const request = (isHttps ? httpsRequest : httpRequest)(destination, options, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
        response.once('close', () => resolve(0));
      });
      request.once('timeout', () => request.destroy(new Error('timeout')));
      request.once('error', () => resolve(0));
      request.end(body);
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
