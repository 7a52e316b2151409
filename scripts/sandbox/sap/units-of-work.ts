import type { Session } from './functions/call.ts';

/** Locks of ABAP sessions on objects (SM12): held until commit, rollback or the end of the session. */
export class Locks {
  private readonly holders = new Map<string, Session>();

  /** Takes the lock, or answers the user who has it. */
  enqueue(object: string, session: Session): string | undefined {
    const holder = this.holders.get(object);
    if (holder && holder !== session) return holder.user.name;
    this.holders.set(object, session);
    return undefined;
  }

  /** A dialog user works on the object, until `letGo`. */
  hold(object: string, user: string): void {
    this.holders.set(object, { user: { name: user, password: '' }, language: 'E', updates: [] });
  }

  letGo(object: string): void {
    this.holders.delete(object);
  }

  /** The user of another session who has the lock. */
  holderOf(object: string, session: Session): string | undefined {
    const holder = this.holders.get(object);
    return holder && holder !== session ? holder.user.name : undefined;
  }

  list(): string[] {
    return [...this.holders.keys()];
  }

  /** Ends a session's unit of work: its changes are made, or forgotten; its locks go. */
  endUnit(session: Session, isCommitted: boolean): void {
    const updates = session.updates.splice(0);
    if (isCommitted) for (const update of updates) update();
    for (const [object, holder] of this.holders) if (holder === session) this.holders.delete(object);
  }
}
