/** Date and time as the application server writes them: local, without a zone. */
export interface LocalTime {
  date: string;
  time: string;
}

export function localTimeOf(milliseconds: number, utcOffsetMinutes: number): LocalTime {
  const text = new Date(milliseconds + utcOffsetMinutes * 60_000).toISOString();
  return { date: text.slice(0, 10).replaceAll('-', ''), time: text.slice(11, 19).replaceAll(':', '') };
}
