// Canonical JSON (RFC 8785), narrowed as specs/statement.md has it: no fractions, whole numbers up to 2^53 - 1.
import { same, textOf, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";

const MAX_DEPTH = 16;
const SURROGATE = /[\ud800-\udfff]/u;

/** A number as it was written: JSON.parse alone would round it in silence. */
class Numeral { constructor(text) { this.text = text; } }

/** What has one spelling only: strings, and whatever else is a scalar. */
function write(value) {
  if (value instanceof Numeral) return value.text.replace(/^-0$/, "0");
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value instanceof Map) return `{${[...value.keys()].sort().map((key) => `${JSON.stringify(key)}:${write(value.get(key))}`).join(",")}}`;
  return JSON.stringify(value);
}

function check(value, depth) {
  const isMap = value instanceof Map;
  if (!depth && (isMap || Array.isArray(value))) throw new Malformed("The JSON value is nested deeper than {limit} levels.", { limit: MAX_DEPTH });
  if (value instanceof Numeral) {
    if (!/^-?[0-9]+$/.test(value.text)) throw new Malformed("Only maps, lists, strings, integers, booleans and null are allowed in this JSON text.");
    if (!Number.isSafeInteger(Number(value.text))) throw new Malformed("An integer beyond 2^53 - 1 must be written as a string in canonical JSON.");
  }
  if (isMap) for (const each of value.values()) check(each, depth - 1);
  if (Array.isArray(value)) for (const each of value) check(each, depth - 1);
}

function hasSurrogate(value) {
  if (typeof value === "string") return SURROGATE.test(value);
  if (value instanceof Map) return [...value].some(([key, each]) => SURROGATE.test(key) || hasSurrogate(each));
  return Array.isArray(value) && value.some(hasSurrogate);
}

/** The bytes of a value that {@link read} gave. */
export function encode(value) {
  check(value, MAX_DEPTH);
  if (hasSurrogate(value)) throw new Malformed("This value has no canonical JSON form: it holds text that is not Unicode.");
  return utf8(write(value));
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?Infinity|NaN)|(true|false|null))/y;
const MOST_DIGITS = 4300; // Python reads no longer whole numbers
const MOST_LEVELS = 900;

/** The value of a JSON text, as Python's json reads it; maps keep their order and the last of equal keys.
 * @throws SyntaxError */
class Reader {
  constructor(text) { this.text = text; this.at = 0; }

  token() {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (!found) throw new SyntaxError("not JSON");
    this.at = TOKEN.lastIndex;
    return found;
  }

  value(depth, [, sign, text, number, word] = this.token()) {
    if (depth > MOST_LEVELS) throw new SyntaxError("too deep");
    if (text) return JSON.parse(text);
    if (number) {
      if (/^-?[0-9]+$/.test(number) && number.length > MOST_DIGITS) throw new SyntaxError("too long");
      return new Numeral(number);
    }
    if (word) return JSON.parse(word);
    if (sign === "[") return this.list(depth);
    if (sign === "{") return this.map(depth);
    throw new SyntaxError("not JSON");
  }

  list(depth) {
    const items = [];
    for (let token = this.token(); ; token = this.token()) {
      if (token[1] === "]" && !items.length) return items;
      items.push(this.value(depth + 1, token));
      const [, after] = this.token();
      if (after === "]") return items;
      if (after !== ",") throw new SyntaxError("not JSON");
    }
  }

  map(depth) {
    const map = new Map();
    for (let token = this.token(); ; token = this.token()) {
      if (token[1] === "}" && !map.size) return map;
      if (!token[2] || this.token()[1] !== ":") throw new SyntaxError("not JSON");
      map.set(JSON.parse(token[2]), this.value(depth + 1));
      const [, after] = this.token();
      if (after === "}") return map;
      if (after !== ",") throw new SyntaxError("not JSON");
    }
  }

  whole() {
    const value = this.value(0);
    if (this.text.slice(this.at).trim()) throw new SyntaxError("not JSON");
    return value;
  }
}

/** The value of `data`, which must be its canonical form byte for byte. Maps are Map, numbers {@link Numeral}. */
export function decode(data, name, limit) {
  if (data.length > limit) throw new Malformed("{name} has {size} bytes; at most {limit} are read.", { name, size: data.length, limit });
  const text = textOf(data);
  let value;
  try {
    if (text === null) throw new SyntaxError("not UTF-8");
    value = new Reader(text).whole();
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    throw new Malformed("{name} is not JSON.", { name });
  }
  if (!same(encode(value), data)) throw new Malformed("{name} is not in canonical form (RFC 8785).", { name });
  return value;
}

export const isMap = (value, keys) => value instanceof Map && value.size === keys.length && keys.every((key) => value.has(key));
/** The number of a whole number that was read; undefined for anything else. */
export const numberOf = (value) => (value instanceof Numeral ? Number(value.text) : undefined);

/** As Python's str() of a value that was read: what a sentence shows of what is not known. */
export function asText(value) {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return value instanceof Numeral ? value.text : represent(value);
}

function represent(value) {
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return quote + value.replace(/[\\\n\r\t]/g, (c) => ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c]).replaceAll(quote, `\\${quote}`) + quote;
  }
  if (Array.isArray(value)) return `[${value.map(represent).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, each]) => `${represent(key)}: ${represent(each)}`).join(", ")}}`;
  return asText(value);
}
