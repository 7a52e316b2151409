/** Takes secrets out of texts that AIS or a proxy wrote: both like to repeat what they were sent, links hold the token. */
export interface Secrets {
  add: (secret: string) => void;
  hide: (text: string) => string;
}

const mostKept = 20;
const mark = '[secret]';

export function openSecrets(): Secrets {
  let known: string[] = [];
  return {
    add: (secret) => {
      if (secret.length < 4) return;
      const inJson = JSON.stringify(secret).slice(1, -1);
      const forms = [secret, inJson, inJson.replaceAll('/', '\\/'), inJson.replaceAll('=', '\\u003d'), encodeURIComponent(secret)];
      // Also when it is known: what is in use must not be pushed out by tokens that are over.
      known = [...new Set([...forms, ...known])].slice(0, mostKept);
    },
    hide: (text) =>
      known
        .reduce((left, secret) => left.replaceAll(secret, mark), text)
        .replaceAll(/\b(token|password)=[^&"'\s\\]+/gi, `$1=${mark}`)
        .replaceAll(/("(?:token|password|psToken|aisSessionCookie)"\s*:\s*")(?:[^"\\]|\\.)*"/gi, `$1${mark}"`),
  };
}
