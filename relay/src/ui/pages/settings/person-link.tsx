import type { PersonLink } from '../../api/index.ts';
import { ShownOnce, Time } from '../../shell/index.ts';

/** The link of somebody who has no password yet, or needs a new one. */
export function PersonLinkShown({ email, link, onDone }: { email: string; link: PersonLink; onDone: () => void }) {
  return (
    <ShownOnce title={`Link for ${email}`} text={link.url} onDone={onDone}>
      Send it over a way that you trust. It sets a password, works once, and ends <Time at={link.expiresAt} />. It is not shown again.
    </ShownOnce>
  );
}
