// Distinguished Encoding Rules (X.690), strictly: one encoding of each value, nothing left over. What is read is described
// by small types, as zonary.proof.timestamp.structures does; anything else than the one described is an error.
import { joined, same, textOf } from "./bytes.js";
import { Malformed } from "./errors.js";

/** Not DER, or not of the type asked for. */
export class NotDer extends Error {}
const fail = () => { throw new NotDer("not DER"); };

/** The element at `at`: tag, contents, and all of its bytes. */
export function elementAt(bytes, at) {
  let position = at;
  const next = () => (position < bytes.length ? bytes[position++] : fail());
  let tag = next();
  if ((tag & 0x1f) === 0x1f) {
    let number = 0, byte = next();
    if (byte === 0x80) fail();
    for (;; byte = next()) {
      number = number * 128 + (byte & 0x7f);
      if (number > 0xffffffff) fail();
      if (byte < 0x80) break;
    }
    if (number < 0x1f) fail();
    tag = `${tag}+${number}`; // equal to none that is asked for
  }
  let length = next();
  if (length > 0x84 || length === 0x80) fail();
  if (length > 0x80) {
    const width = length - 0x80;
    length = 0;
    for (let n = 0; n < width; n += 1) length = length * 256 + next();
    if (length < (width === 1 ? 0x80 : 256 ** (width - 1))) fail();
  }
  const end = position + length;
  if (end > bytes.length) fail();
  return { tag, contents: bytes.subarray(position, end), whole: bytes.subarray(at, end), end };
}

export function elementsOf(contents) {
  const found = [];
  for (let at = 0; at < contents.length;) {
    const element = elementAt(contents, at);
    found.push(element);
    at = element.end;
  }
  return found;
}

function integerOf(contents) {
  if (!contents.length) fail();
  const [first, second] = contents;
  if (contents.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) fail();
  let value = 0n;
  for (const byte of contents) value = value * 256n + BigInt(byte);
  return first >= 0x80 ? value - (1n << BigInt(8 * contents.length)) : value;
}

function oidOf(contents) {
  if (!contents.length || contents.length > 63 || contents.at(-1) >= 0x80) fail();
  const arcs = [];
  let arc = 0n, isFirst = true;
  for (const byte of contents) {
    if (isFirst && byte === 0x80) fail();
    arc = arc * 128n + BigInt(byte & 0x7f);
    isFirst = byte < 0x80;
    if (isFirst) { arcs.push(arc); arc = 0n; }
  }
  const top = arcs[0] < 40n ? 0n : arcs[0] < 80n ? 1n : 2n;
  return [top, arcs[0] - 40n * top, ...arcs.slice(1)].join(".");
}

function bitsOf(contents) {
  const [unused, ...bytes] = contents;
  if (unused === undefined || unused > 7 || (unused && !bytes.length) || (unused && bytes.at(-1) & ((1 << unused) - 1))) fail();
  return contents.subarray(1);
}

const plain = (tag, value) => ({ fits: (seen) => seen === tag, read: (element) => value(element.contents), tag });

export const ANY = { fits: () => true, read: (element) => element };
export const INTEGER = plain(0x02, integerOf);
export const OID = plain(0x06, oidOf);
export const OCTETS = plain(0x04, (contents) => contents);
export const BITS = plain(0x03, bitsOf);
export const BOOLEAN = plain(0x01, (c) => (c.length === 1 && (c[0] === 0 || c[0] === 0xff) ? c[0] === 0xff : fail()));
export const NULL = plain(0x05, (contents) => (contents.length ? fail() : true));
export const UTF8 = plain(0x0c, (contents) => textOf(contents) ?? fail());

function one(type, element) {
  if (!type.fits(element.tag)) fail();
  return type.read(element);
}

/** `fields`: name to type, in their order; those in `optional()` are null where they are absent. */
export function sequence(fields) {
  return plain(0x30, (contents) => {
    const elements = elementsOf(contents), value = {};
    let at = 0;
    for (const [name, type] of Object.entries(fields)) {
      const element = elements[at], isHere = Boolean(element) && type.fits(element.tag);
      if (!isHere && !type.isOptional) fail();
      value[name] = isHere ? type.read(element) : null;
      if (isHere) at += 1;
    }
    return at === elements.length ? value : fail();
  });
}

export const optional = (type) => ({ ...type, isOptional: true });
export const listOf = (type) => plain(0x30, (contents) => elementsOf(contents).map((element) => one(type, element)));
/** Constructed, and each element not before the one in front of it. */
export const setOf = (type) => plain(0x31, (contents) => {
  const elements = elementsOf(contents);
  elements.forEach((element, n) => { if (n && isBefore(element.whole, elements[n - 1].whole)) fail(); });
  return elements.map((element) => one(type, element));
});
const CONSTRUCTED = new Set([0x30, 0x31]);
export const implicit = (number, type) => plain((CONSTRUCTED.has(type.tag) ? 0xa0 : 0x80) | number, (contents) => type.read({ contents }));
export const explicit = (number, type) => plain(0xa0 | number, (contents) => {
  const [element, ...more] = elementsOf(contents);
  return element && !more.length ? one(type, element) : fail();
});
export const either = (...types) => ({ fits: (tag) => types.some((type) => type.fits(tag)), read: (element) => types.find((type) => type.fits(element.tag)).read(element) });

function isBefore(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let n = 0; n < shared; n += 1) if (one[n] !== other[n]) return one[n] < other[n];
  return one.length < other.length;
}

/** `bytes` as one value of `type` and nothing after it; `structure` is what an error calls it. */
export function decode(type, bytes, structure) {
  try {
    const element = elementAt(bytes, 0);
    if (element.end !== bytes.length) fail();
    return one(type, element);
  } catch (error) {
    if (!(error instanceof NotDer)) throw error;
    throw new Malformed("This timestamp data cannot be read: {size} bytes are not one {structure} in DER.", { size: bytes.length, structure });
  }
}

/** One element: `tag`, the length in its shortest form, and the contents. */
export function tlv(tag, ...contents) {
  const content = joined(...contents), size = content.length;
  if (size < 0x80) return joined([tag, size], content);
  const length = [];
  for (let rest = size; rest; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return joined([tag, 0x80 | length.length, ...length], content);
}

export const sameElements = (one, other) => one.length === other.length && one.every((each, n) => same(each.whole, other[n].whole));
