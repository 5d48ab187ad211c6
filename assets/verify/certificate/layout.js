// How a certificate lies in its file (specs/certificate.md, Layout): revisions one after the other, each with a table.
// zonary.proof.certificate.layout once more, as strict: what other readers of PDFs would mend or pass over is refused.
import { raw } from "../bytes.js";
import { Ref, Stream, fail, readValue } from "./values.js";

const MAX_REVISIONS = 16, MAX_OBJECTS = 200000, ENTRY = 20, LINE = 64;
const LAST = /startxref\r?\n(0|[1-9][0-9]{0,9})\r?\n%%EOF(?:\r?\n)?$/;
const END = /^startxref\r?\n(0|[1-9][0-9]{0,9})\r?\n%%EOF(?:\r?\n)?$/;
const TABLE = /^xref\r?\n/, SECTION = /^(0|[1-9][0-9]{0,6}) ([1-9][0-9]{0,6}) ?\r?\n/, ENTRY_LINE = /^([0-9]{10}) ([0-9]{5}) ([nf])(?: \r| \n|\r\n)$/;
const TRAILER = /^trailer/, DATA = /^stream\r?\n/, DATA_ENDS = /^(?:\r?\n)?endstream/, OBJECT_ENDS = /^endobj/;
const TRAILER_KEYS = new Set(["Size", "Root", "Info", "ID", "Prev"]);
const SPACES = new Set([0, 9, 10, 12, 13, 32]);

export class Layout {
  constructor(data) {
    this.data = data;
    this.revisions = this.#revisions();
    this.revisions.slice(1).forEach((_, n) => this.#checkPacked(n + 1));
  }

  get last() { return this.revisions.length - 1; }

  /** The last revision, not after `revision`, that brings the object `number`; null when none does. */
  origin(number, revision) {
    for (let at = revision; at >= 0; at -= 1) if (this.revisions[at].offsets.has(number)) return at;
    return null;
  }

  /** The object `number` as `revision` leaves it; null when there is none. */
  object(number, revision) {
    const origin = this.origin(number, revision);
    return origin === null ? null : this.at(number, origin)[0];
  }

  resolved(value, revision = this.last) { return value instanceof Ref ? this.object(value.number, revision) : value ?? null; }

  map(value, revision = this.last) {
    const found = this.resolved(value, revision);
    return found instanceof Map ? found : fail();
  }

  list(value, revision = this.last) {
    const found = this.resolved(value, revision);
    if (found !== null && !Array.isArray(found)) fail();
    return found ?? [];
  }

  root(revision = this.last) { return this.map(this.revisions[revision].trailer.get("Root"), revision); }

  /** The object `number` that the revision `origin` brings, and where it ends. */
  at(number, origin) {
    const { offsets, table } = this.revisions[origin], start = offsets.get(number), head = `${number} 0 obj`;
    if (this.#text(start, start + head.length) !== head) fail();
    let [value, end] = readValue(this.data, start + head.length, table);
    const data = this.#match(DATA, this.#past(end, table), table);
    if (data) [value, end] = this.#stream(value, data.end, table);
    const closed = this.#match(OBJECT_ENDS, this.#past(end, table), table);
    return closed ? [value, closed.end] : fail();
  }

  #stream(attributes, at, limit) {
    const size = attributes instanceof Map ? attributes.get("Length") : undefined;
    if (!Number.isInteger(size) || size < 0 || size > limit - at) fail();
    const closed = this.#match(DATA_ENDS, at + size, limit);
    return closed ? [new Stream(attributes, this.data.subarray(at, at + size)), closed.end] : fail();
  }

  #text(from, to) { return raw(this.data.subarray(from, Math.min(to, this.data.length))); }

  /** A short text that stands at `at` and ends before `limit`. */
  #match(pattern, at, limit) {
    const found = pattern.exec(this.#text(at, Math.min(limit, at + LINE)));
    return found && { found, end: at + found[0].length };
  }

  #past(from, limit) {
    let at = from;
    while (at < limit && SPACES.has(this.data[at])) at += 1;
    return at;
  }

  /** Between the objects of an update there is nothing: what a table does not name nobody sees. */
  #checkPacked(index) {
    const { begin, table, offsets } = this.revisions[index];
    let at = begin;
    for (const [number, start] of [...offsets].sort(([, one], [, other]) => one - other)) {
      if (start !== at) fail();
      at = this.#past(this.at(number, index)[1], this.data.length);
    }
    if (at !== table) fail();
  }

  #revisions() {
    const { length } = this.data, found = LAST.exec(this.#text(Math.max(0, length - LINE), length)) ?? fail();
    const revisions = [];
    for (let end = length, table = Number(found[1]); revisions.length < MAX_REVISIONS;) {
      const { offsets, trailer } = this.#table(table, end), previous = trailer.get("Prev") ?? null;
      let begin = 0;
      if (previous !== null) { begin = Infinity; for (const at of offsets.values()) begin = Math.min(begin, at); }
      revisions.unshift({ begin, end, table, offsets, trailer });
      if (previous === null) return revisions;
      if (!Number.isInteger(previous) || !(previous < begin && begin < table)) fail();
      [end, table] = [begin, previous];
    }
    return fail();
  }

  /** The offsets and the trailer at `start`; behind the trailer the revision must end at `end`. */
  #table(start, end) {
    if (start >= end) fail();
    let { end: at } = this.#match(TABLE, start, end) ?? fail();
    const offsets = new Map();
    for (let section = this.#match(SECTION, at, end); section; section = this.#match(SECTION, at, end)) {
      const [first, count] = section.found.slice(1).map(Number);
      at = section.end;
      if (offsets.size + count > MAX_OBJECTS || at + ENTRY * count > end) fail();
      for (let number = first; number < first + count; number += 1, at += ENTRY) {
        const [, offset, generation, kind] = ENTRY_LINE.exec(this.#text(at, at + ENTRY)) ?? fail();
        if ((kind === "f") !== (number === 0) || offsets.has(number)) fail();
        if (number === 0) continue;
        if (generation !== "00000" || Number(offset) >= start) fail();
        offsets.set(number, Number(offset));
      }
    }
    return { offsets, trailer: this.#trailer(at, start, end) };
  }

  #trailer(from, table, end) {
    const { end: at } = this.#match(TRAILER, from, end) ?? fail();
    const [trailer, after] = readValue(this.data, at, end), tail = this.#past(after, end);
    const closed = end - tail > LINE ? null : END.exec(this.#text(tail, end));
    if (!closed || Number(closed[1]) !== table || !(trailer instanceof Map) || ![...trailer.keys()].every((key) => TRAILER_KEYS.has(key))) fail();
    return trailer;
  }
}
