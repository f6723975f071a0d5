/** Which number of `03/04/2025` is the day: `dmy` (Indonesia) or `mdy` (United States). Absent: such dates are refused. */
type DateOrder = 'dmy' | 'mdy' | undefined;

export interface TimeOptions {
  /** IANA zone of times that name none. */
  readonly timezone: string;
  readonly dateOrder: DateOrder;
}

const yearFirst = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(.+))?$/;
const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:,?[T ]+(.+))?$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const clock =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?\s*(Z|UTC|GMT|WIB|WITA|WIT|[+-]\d{2}(?::?\d{2})?)?$/i;
const zoneMinutes: Readonly<Record<string, number>> = { Z: 0, UTC: 0, GMT: 0, WIB: 420, WITA: 480, WIT: 540 };

interface Moment {
  /** The wall clock as if it were UTC, milliseconds since 1970. */
  readonly wall: number;
  /** Minutes east of UTC, undefined when nothing is said. */
  readonly offset: number | undefined;
}

/** A moment as RFC 3339 in UTC; answers `fault: …` in words when it cannot be read or its order is not clear. */
export function parseInstant(raw: unknown, { timezone, dateOrder }: TimeOptions): string | { fault: string } {
  const moment = parseMoment(String(raw).trim(), dateOrder);
  if ('fault' in moment) return moment;
  const offset = moment.offset ?? zoneOffset(moment.wall, timezone);
  return new Date(moment.wall - offset * 60_000).toISOString();
}

/** A calendar day, `YYYY-MM-DD`; a time behind it is not looked at. */
export function parseDay(raw: unknown, { dateOrder }: TimeOptions): string | { fault: string } {
  const moment = parseMoment(String(raw).trim(), dateOrder);
  return 'fault' in moment ? moment : new Date(moment.wall).toISOString().slice(0, 10);
}

function parseMoment(text: string, order: DateOrder): Moment | { fault: string } {
  const shown = `"${text.slice(0, 40)}"`;
  const first = yearFirst.exec(text) ?? compact.exec(text);
  const last = first ? null : yearLast.exec(text);
  if (!first && !last) return { fault: `${shown} is not a date` };
  if (last && !order) return { fault: `${shown}: say --dates dmy or --dates mdy, day or month first` };
  const [year, month, day] = first
    ? [first[1], first[2], first[3]]
    : [last?.[3], order === 'dmy' ? last?.[2] : last?.[1], order === 'dmy' ? last?.[1] : last?.[2]];
  const time = clock.exec((first ?? last)?.[4]?.trim() ?? '00:00');
  if (!time) return { fault: `${shown}: the time of day cannot be read` };
  const hours = hourOf(Number(time[1]), time[5]);
  const date = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const milliseconds = Number((time[4] ?? '').slice(0, 3).padEnd(3, '0'));
  const wall = Date.parse(`${date}T${String(hours).padStart(2, '0')}:${time[2]}:${time[3] ?? '00'}Z`) + milliseconds;
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date))
    return { fault: `${shown} is no date of the calendar` };
  return { wall, offset: offsetOf(time[6]) };
}

/** 12 AM is midnight, 12 PM noon. */
function hourOf(hour: number, half: string | undefined): number {
  return half === undefined ? hour : (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const named = zoneMinutes[zone.toUpperCase()];
  if (named !== undefined) return named;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return zone.startsWith('-') ? -minutes : minutes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC in a zone at a time of its own clocks (in the hour that clocks repeat: the first). */
function zoneOffset(wall: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', calendar: 'gregory', ...parts });
    formats.set(timezone, format);
  }
  const offsetAt = (instant: number) => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
    return Math.round((Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant / 60_000) * 60_000) / 60_000);
  };
  return offsetAt(wall - offsetAt(wall) * 60_000);
}
