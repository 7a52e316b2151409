/** The day of a moment in a time zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, isoTime: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(isoTime));
}
