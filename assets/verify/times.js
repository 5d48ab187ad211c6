// Moments in UTC, as whole microseconds since 1970 (BigInt), and how they are written.
const MILLISECOND = 1000n;
const two = (number) => String(number).padStart(2, "0");

/** The moment, or null where the calendar has none such. */
export function moment(year, month, day, hour, minute, second, micros = 0) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal = year >= 1 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? BigInt(date.getTime()) * MILLISECOND + BigInt(micros) : null;
}

const dateOf = (at) => new Date(Number((at - microsOf(at)) / MILLISECOND));
const microsOf = (at) => ((at % 1000000n) + 1000000n) % 1000000n;

function parts(at) {
  const date = dateOf(at);
  const day = `${String(date.getUTCFullYear()).padStart(4, "0")}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return [day, `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`];
}

/** As Python's isoformat() of an aware time in UTC. */
export function iso(at, zone = "+00:00") {
  const [day, time] = parts(at), micros = microsOf(at);
  return `${day}T${time}${micros ? `.${String(micros).padStart(6, "0")}` : ""}${zone}`;
}
export const rfc3339 = (at) => iso(at, "Z");

/** `2026-11-22 03:40:11`, without fractions. */
export const second = (at) => parts(at).join(" ");

/** `2026-11-22 03:40:11`, the next whole second where there are fractions. */
export function wholeSecond(at) {
  const micros = microsOf(at);
  return parts(micros ? at - micros + 1000000n : at).join(" ");
}

/** The moment of a UTCTime or GeneralizedTime of a certificate (RFC 5280 §4.1.2.5); null when it is none. */
export function certificateTime({ tag, contents }) {
  const text = String.fromCharCode(...contents);
  const match = (tag === 0x17 ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (!match || (tag !== 0x17 && tag !== 0x18)) return null;
  const [year, ...rest] = match.slice(1).map(Number);
  return moment(tag === 0x17 ? year + (year < 50 ? 2000 : 1900) : year, ...rest);
}
