import type { Clock } from '@ml-connector/shared';
import { bodyJson, bodyText, headline, type Message } from '../message.ts';
import type { AddressPolicy } from '../../addresses/index.ts';
import type { ChannelSettings } from './channel.ts';
import { sendEmail } from './email.ts';
import { post, signature } from './post.ts';

export interface Outgoing {
  deliveryId: string;
  message: Message;
}

export interface SendDeps {
  clock: Clock;
  publicUrl: string;
  addresses: AddressPolicy;
}

/** How many messages go together. A webhook gets each by itself, with an id by which it can tell a repetition. */
export const together: Record<ChannelSettings['kind'], number> = { email: 20, slack: 10, webhook: 1 };

/** Rejects with a SystemError when the other side did not take them. */
export async function send(
  channel: ChannelSettings,
  outgoing: readonly Outgoing[],
  { clock, publicUrl, addresses }: SendDeps,
): Promise<void> {
  const messages = outgoing.map(({ message }) => message);
  if (channel.kind === 'email') return sendEmail(channel, { messages, publicUrl, addresses });
  if (channel.kind === 'slack') {
    const text = messages.map((message) => slackText(message, publicUrl)).join('\n\n');
    return post({ url: channel.url, body: JSON.stringify({ text }), addresses, isSecretUrl: true });
  }
  for (const { deliveryId, message } of outgoing) {
    const body = JSON.stringify(bodyJson(message, { deliveryId, publicUrl }));
    const headers = { 'x-ml-delivery': deliveryId, 'x-ml-signature': signature(channel.secret, clock.now(), body) };
    await post({ url: channel.url, body, headers, addresses });
  }
}

/** `&`, `<` and `>` would be links and mentions there: `<!channel>` in a vendor's name must call nobody. */
function slackText(message: Message, publicUrl: string): string {
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const [, ...rest] = bodyText(message, publicUrl).split('\n');
  return [`*${escape(headline(message)).replaceAll('*', '∗')}*`, ...rest.map(escape)].join('\n');
}
