// Distinguished names as text (RFC 4514), as zonary shows them.
import { hex, textOf } from "./bytes.js";
import { Malformed } from "./errors.js";

const SHORT = {
  "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C", "2.5.4.9": "STREET",
  "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
};
const UNIT = "2.5.4.11";
const unreadable = () => new Malformed("A certificate cannot be read.");

const ascii = (bytes) => (bytes.some((byte) => byte > 0x7f) ? null : textOf(bytes));
const wide = (width) => (bytes) => {
  if (bytes.length % width) return null;
  if (width === 2) { try { return new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { return null; } }
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const code = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
    text += String.fromCodePoint(code);
  }
  return text;
};
const READERS = { 0x0c: textOf, 0x12: textOf, 0x13: textOf, 0x14: textOf, 0x16: textOf, 0x1a: textOf, 0x1c: wide(4), 0x1e: wide(2), 0x17: ascii, 0x18: ascii };

function valueOf({ tag, contents }) {
  if (tag === 0x03 || tag === 0x04) return contents;
  const text = READERS[tag]?.(contents) ?? null;
  if (text === null) throw unreadable();
  return text;
}

function escaped(value) {
  if (typeof value !== "string") return `#${hex(value)}`;
  let text = value.replace(/[\\"+,;<>]/g, "\\$&").replaceAll("\0", "\\00");
  if (/^[# ]/.test(text)) text = `\\${text}`;
  return text.endsWith(" ") ? `${text.slice(0, -1)}\\ ` : text;
}

/** @param parts: the name as it was read: a list of sets of attributes. */
export function textOfName(parts) {
  const shown = parts.map((set) => set.map(({ oid, value }) => `${SHORT[oid] ?? oid}=${escaped(valueOf(value))}`).join("+"));
  return shown.reverse().join(",");
}

/** The text of the first attribute of that kind; null where there is none. */
export function attributeText(parts, wanted) {
  const found = parts.flat().find(({ oid }) => oid === wanted);
  if (!found) return null;
  const value = valueOf(found.value);
  return typeof value === "string" ? value : hex(value);
}

/** The organizational units in it. */
export const unitsOf = (parts) => parts.flat().filter(({ oid, value }) => { valueOf(value); return oid === UNIT; }).map(({ value }) => valueOf(value));
