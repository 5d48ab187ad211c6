// Bytes and text, as Python has them: names are kept as strings of one character a byte, so that they are looked up and sorted as bytes.
const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text) => encoder.encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The text of `bytes`, or null where they are not UTF-8. */
export function textOf(bytes) {
  try { return strict.decode(bytes); } catch { return null; }
}

export function same(one, other) {
  if (one.length !== other.length) return false;
  for (let n = 0; n < one.length; n += 1) if (one[n] !== other[n]) return false;
  return true;
}

export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

/** One character a byte. */
export function raw(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
export const rawOf = (text) => (/^[\0-\x7f]*$/.test(text) ? text : raw(utf8(text)));
export const unraw = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** How many bytes at `at` are one character of UTF-8; 0 where they are none (Unicode 3.9, table 3-7). */
function widthAt(bytes, at) {
  const first = bytes[at], second = bytes[at + 1];
  if (first < 0x80) return 1;
  const follows = (n) => bytes[at + n] >= 0x80 && bytes[at + n] <= 0xbf;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const isIn = second >= (first === 0xe0 ? 0xa0 : 0x80) && second <= (first === 0xed ? 0x9f : 0xbf);
    return isIn && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const isIn = second >= (first === 0xf0 ? 0x90 : 0x80) && second <= (first === 0xf4 ? 0x8f : 0xbf);
    return isIn && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/** Where the first byte stands that is no UTF-8. */
export function firstNotText(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const width = widthAt(bytes, at);
    if (!width) return at;
    at += width;
  }
  return at;
}

const inHex = (code, digits, letter) => `\\${letter}${code.toString(16).padStart(digits, "0")}`;
const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** As Python's unicode_escape. */
export function escaped(character) {
  const code = character.codePointAt(0);
  return SHORT[character] ?? (code < 0x100 ? inHex(code, 2, "x") : code < 0x10000 ? inHex(code, 4, "u") : inHex(code, 8, "U"));
}

/** Whether Python would print it: no control, format, unassigned or private character, no space but the plain one. */
const isPrintable = (character) => character === " " || !/[\p{C}\p{Z}]/u.test(character);

/** `text` fit to be shown: control and bidirectional characters escaped. */
export function shown(text) {
  let out = "";
  for (const character of text) {
    if (isPrintable(character)) { out += character; continue; }
    out += escaped(character);
  }
  return out;
}

/** A name as bytes (one character each), fit to be shown; bytes that are no text are escaped. */
export function printable(name) {
  const bytes = unraw(name);
  const whole = textOf(bytes);
  if (whole !== null) return shown(whole);
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const width = widthAt(bytes, at);
    out += width ? shown(textOf(bytes.subarray(at, at + width))) : inHex(bytes[at], 2, "x");
    at += width || 1;
  }
  return out;
}

/** `text` with what does not print replaced. */
export const replaced = (text) => Array.from(text, (c) => (isPrintable(c) ? c : "\ufffd")).join("");

export const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
/** As Python's str.split(). */
export const words = (text) => text.split(new RegExp(`${SPACES.source}+`)).filter(Boolean);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const base64 = (bytes) => btoa(raw(bytes));
/** Bytes of standard base64 with padding, or null. As Python reads it: what is left over in the last character may be
 * anything, and whole groups may be followed by padding they do not need. */
export function unbase64(text) {
  const plain = text.replace(/^((?:[A-Za-z0-9+/]{4})+)=+$/, "$1");
  return BASE64.test(plain) ? unraw(atob(plain)) : null;
}
