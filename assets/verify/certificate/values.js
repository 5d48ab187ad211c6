// The values of a PDF (ISO 32000-1 §7.3) as the writers of certificates write them: zonary.proof.certificate.values once more.
import { raw, unhex } from "../bytes.js";

const MAX_DEPTH = 32, MAX_VALUE_BYTES = 1024 * 1024, FIRST_LOOK = 4096, MARGIN = 32;

/** The bytes are not those of a PDF as certificates are written. */
export class NotLaidOut extends Error {}
export const fail = () => { throw new NotLaidOut("not laid out"); };

/** `/Type` without the slash. */
export class Name { constructor(text) { this.text = text; } }
/** An indirect reference; of generation 0, as all are. */
export class Ref { constructor(number) { this.number = number; } }
/** A string, one character a byte. */
export class Text { constructor(raw) { this.raw = raw; } }
/** A number with a decimal point. */
export class Real { constructor(value) { this.value = value; } }
export class Stream { constructor(attributes, data) { this.attributes = attributes; this.data = data; } }

export const isName = (value, text) => value instanceof Name && value.text === text;

const S = "[\\0\\t\\n\\f\\r ]*", REGULAR = "[^\\0\\t\\n\\f\\r ()<>\\[\\]{}/%]";
const TOKEN = new RegExp(
  `${S}(?:(?<open><<|\\[)|(?<close>>>|\\])|/(?<name>${REGULAR}{1,127})|<(?<hex>[0-9A-Fa-f]*)>|(?<text>\\()`
  + `|(?<ref>[1-9][0-9]{0,6}) 0 R(?!${REGULAR})|(?<number>[+-]?(?:[0-9]{1,10}(?:\\.[0-9]{0,10})?|\\.[0-9]{1,10}))(?!${REGULAR})`
  + `|(?<word>true|false|null)(?!${REGULAR}))`, "y");
const PLAIN = /[^()\\\r]*/y, ESCAPE = /\\(?:([0-7]{1,3})|([nrtbf()\\]))/y;
const ESCAPED = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
const WORDS = { true: true, false: false, null: null };

/** The value at `at` and where it ends, which is not after `end`: `[value, end]`. */
export function readValue(data, at, end) {
  const most = Math.min(end, at + MAX_VALUE_BYTES) - at, look = Math.min(FIRST_LOOK, most);
  try {
    const [value, after] = new Reader(raw(data.subarray(at, at + look))).value(0, 0);
    // What ends where the first look ended may go on there.
    if (look === most || after < look - MARGIN) return [value, at + after];
  } catch (error) {
    if (!(error instanceof NotLaidOut) || look === most) throw error;
  }
  const [value, after] = new Reader(raw(data.subarray(at, at + most))).value(0, 0);
  return [value, at + after];
}

class Reader {
  constructor(text) { this.text = text; }

  match(pattern, at) {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }

  token(at) {
    const found = this.match(TOKEN, at);
    if (!found) fail();
    return { ...found.groups, end: at + found[0].length };
  }

  value(at, depth) { return this.read(this.token(at), depth); }

  read({ open, close, name, hex, text, ref, number, word, end }, depth) {
    if (open !== undefined) {
      if (depth === MAX_DEPTH) fail();
      return open === "[" ? this.list(end, depth) : this.map(end, depth);
    }
    if (text !== undefined) return this.string(end);
    if (name !== undefined) return [nameOf(name), end];
    if (ref !== undefined) return [new Ref(Number(ref)), end];
    if (number !== undefined) return [number.includes(".") ? new Real(Number(number)) : Number(number) + 0, end];
    if (word !== undefined) return [WORDS[word], end];
    if (close !== undefined || hex.length % 2) fail();
    return [new Text(raw(unhex(hex))), end];
  }

  list(from, depth) {
    const items = [];
    for (let at = from; ;) {
      const token = this.token(at);
      if (token.close === "]") return [items, token.end];
      const [item, end] = this.read(token, depth + 1);
      items.push(item);
      at = end;
    }
  }

  map(from, depth) {
    const found = new Map();
    for (let at = from; ;) {
      const token = this.token(at);
      if (token.close === ">>") return [found, token.end];
      if (token.name === undefined) fail();
      const { text: key } = nameOf(token.name);
      if (found.has(key)) fail();
      const [value, end] = this.value(token.end, depth + 1);
      found.set(key, value);
      at = end;
    }
  }

  /** A string in parentheses, of which `from` is the first character inside. */
  string(from) {
    let text = "", depth = 1;
    for (let at = from; ;) {
      const [part] = this.match(PLAIN, at);
      text += part;
      at += part.length;
      const mark = this.text[at];
      if (mark === "\\") {
        const found = this.match(ESCAPE, at);
        if (!found) fail();
        const [all, octal, letter] = found;
        text += octal === undefined ? ESCAPED[letter] ?? letter : String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        at += all.length;
        continue;
      }
      if (mark !== "(" && mark !== ")") fail();
      depth += mark === "(" ? 1 : -1;
      at += 1;
      if (!depth) return [new Text(text), at];
      text += mark;
    }
  }
}

function nameOf(text) {
  if (text.split("#").length - 1 !== (text.match(/#[0-9A-Fa-f]{2}/g) ?? []).length) fail();
  return new Name(text.replace(/#([0-9A-Fa-f]{2})/g, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}

/** Whether two values are the same; streams never are. */
export function equal(one, other) {
  if (one instanceof Map && other instanceof Map) return one.size === other.size && [...one].every(([key, value]) => other.has(key) && equal(value, other.get(key)));
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((value, n) => equal(value, other[n]));
  if (one instanceof Name) return other instanceof Name && one.text === other.text;
  if (one instanceof Ref) return other instanceof Ref && one.number === other.number;
  if (one instanceof Text) return other instanceof Text && one.raw === other.raw;
  if (one instanceof Real) return other instanceof Real && one.value === other.value;
  return one === other && (one === null || one === undefined || typeof one !== "object");
}
