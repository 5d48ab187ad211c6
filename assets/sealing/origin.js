// Where files come from, as specs/origin.md has it: what a person states, and what this browser reports of itself. Both are
// the holder's word. Nothing is reported that names a person, a machine or a folder, and nothing that was not shown before.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const MOST_REPORTED = 300;
const VERSION = "zonary-origin/1";

const readable = (text) => Array.from(text.replace(UNSEEN, "")).slice(0, MOST_REPORTED).join("").trim();

/** Seconds by which this machine's clock is ahead of the server's, which says whole seconds; null when it does not say. */
export async function aheadOf(address) {
  const began = Date.now();
  try {
    const answer = await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(3000) });
    const said = Date.parse(answer.headers.get("Date") ?? "");
    return Number.isNaN(said) ? null : Math.round(((began + Date.now()) / 2 - said) / 1000 - 0.5);
  } catch {
    return null;
  }
}

/** Minutes as an offset is written: UTC+08:00. */
export function asOffset(minutes) {
  const two = (value) => String(value).padStart(2, "0"), all = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(all / 60))}:${two(all % 60)}`;
}

/** What this browser reports. @param selection: "folder", "file" or "files". */
export function reported(selection, ahead) {
  const now = new Date();
  const told = {
    by: "browser",
    user_agent: readable(navigator.userAgent),
    system: readable(navigator.userAgentData?.platform ?? ""),
    time_zone: readable(Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""),
    utc_offset_minutes: -now.getTimezoneOffset(),
    clock: now.toISOString(),
    clock_ahead_seconds: ahead,
    selection,
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "" && value !== null));
}

/** What a person wrote into the fields of a form. @param names: of the fields. */
export function stated(form, names) {
  const seen = (text) => text.replace(UNSEEN, (one) => (one === "\n" ? one : "")).trim();
  const all = names.map((name) => [name, seen(form.elements.namedItem(name).value)]);
  return Object.fromEntries(all.filter(([, text]) => text));
}

const isEmpty = (map) => !map || !Object.keys(map).length;

/** `declared` of a statement; empty when nothing is said. */
export function declaredOf({ stated: said, reported: told } = {}) {
  const origin = { version: VERSION, ...(isEmpty(said) ? {} : { stated: said }), ...(isEmpty(told) ? {} : { reported: told }) };
  return Object.keys(origin).length > 1 ? { origin } : {};
}

/** RFC 8785, of maps, texts and whole numbers. */
export function canonical(value) {
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}
