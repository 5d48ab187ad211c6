// The spellings all C2SP text formats share: each value has exactly one.
import { SPACES, base64, firstNotText, textOf, unbase64, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";

export const MAX_NAME_BYTES = 255;
export const MAX_UINT63 = 2n ** 63n - 1n;

export function decodeText(data, what) {
  const text = textOf(data);
  if (text === null) throw new Malformed("The {what} is not UTF-8 text, at byte {offset}.", { what, offset: firstNotText(data) });
  if (/[\0-\x09\x0b-\x1f]/.test(text)) throw new Malformed("The {what} contains control characters.", { what });
  return text;
}

export function decodeBase64(text, what) {
  const data = text ? unbase64(text) : null;
  if (!data || base64(data) !== text) throw new Malformed("The {what} is not base64.", { what });
  return data;
}

export function decodeDecimal(text, what) {
  const number = /^(?:0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : -1n;
  if (number < 0n || number > MAX_UINT63) throw new Malformed("The {what} is not a decimal number below 2^63 without leading zeros.", { what });
  return number;
}

export const isKeyName = (name) => Boolean(name) && !Array.from(name).some((c) => c === "+" || c < " " || SPACES.test(c));
export const lengthOf = (text) => utf8(text).length;
