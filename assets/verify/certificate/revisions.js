// The signatures of a certificate, what each covers, and what may come after the first of them: only what keeps it checkable.
import { unraw } from "../bytes.js";
import { Name, Real, Ref, Text, equal, fail, isName } from "./values.js";

export const SIGNATURE = "Sig", STAMP = "DocTimeStamp";
const MAX_FIELDS = 16;
const FIELD_KEYS = new Set(["FT", "T", "Type", "Subtype", "F", "Rect", "P", "TU", "V"]);
const STAMP_KEYS = new Set(["Contents", "ByteRange", "Type", "Filter", "SubFilter"]);
const hasOnly = (map, keys) => [...map.keys()].every((key) => keys.has(key));

/** All signatures and document timestamps, in the order of their fields. */
export function signatures(layout) {
  const form = layout.root().get("AcroForm");
  const fields = form === undefined ? [] : layout.list(layout.map(form).get("Fields"));
  if (fields.length > MAX_FIELDS) fail();
  const found = fields.map((field) => signed(layout, field));
  for (const of of ["number", "revision"]) if (new Set(found.map((each) => each[of])).size !== found.length) fail();
  return found;
}

function signed(layout, field) {
  if (!(field instanceof Ref)) fail();
  const widget = layout.map(field), value = widget.get("V");
  if (!isName(widget.get("FT"), "Sig") || !(value instanceof Ref) || widget.has("Kids") || widget.has("Parent")) fail();
  const { number } = value, revision = layout.origin(number, layout.last);
  if (revision === null) fail();
  const map = layout.map(value), [kind, subfilter, contents] = ["Type", "SubFilter", "Contents"].map((key) => map.get(key));
  if (!(kind instanceof Name) || !(subfilter instanceof Name) || !(contents instanceof Text)) fail();
  const bytes = unraw(contents.raw);
  return { number, kind: kind.text, subfilter: subfilter.text, revision, gap: gapOf(layout, number, revision, bytes), range: layout.list(map.get("ByteRange")), contents: bytes };
}

const MARK = "/Contents <";

/** Where the contents stand in hexadecimal, the angle brackets among them. */
function gapOf(layout, number, revision, contents) {
  const start = layout.revisions[revision].offsets.get(number), [, end] = layout.at(number, revision), { data } = layout;
  let at = start;
  while (at < end && ![...MARK].every((letter, n) => data[at + n] === letter.charCodeAt(0))) at += 1;
  const begin = at + MARK.length - 1, close = begin + 2 * contents.length + 2;
  if (at >= end || close > end || data[close - 1] !== 0x3e) fail();
  for (let n = 0; n < contents.length; n += 1) {
    const pair = String.fromCharCode(data[begin + 1 + 2 * n], data[begin + 2 + 2 * n]);
    if (!/^[0-9A-Fa-f]{2}$/.test(pair) || Number.parseInt(pair, 16) !== contents[n]) fail();
  }
  return [begin, close];
}

/** Whether `signature` covers all of its own revision and of those before, but for itself. */
export function covers(layout, { gap: [begin, end], range, revision }) {
  return equal(range, [0, begin, end, layout.revisions[revision].end - end]);
}

/** Whether all that follows the revision of `signature` is what may follow it. */
export const isArchival = (layout, { revision }) => layout.revisions.every((_, index) => index <= revision || new Update(layout, revision, index).isArchival());

class Update {
  constructor(layout, signed, index) {
    Object.assign(this, { layout, signed, index, now: layout.revisions[index], before: layout.revisions[index - 1] });
  }

  isArchival() {
    const { now, before } = this;
    if (["Root", "Info"].some((key) => !equal(now.trailer.get(key), before.trailer.get(key)))) return false;
    const [size, had] = [now, before].map(({ trailer }) => (Number.isInteger(trailer.get("Size")) ? trailer.get("Size") : fail()));
    const numbers = [...now.offsets.keys()], fresh = new Set(numbers.filter((number) => this.layout.origin(number, this.index - 1) === null));
    // A number that was free below the size may be referred to already: what it brings would appear there.
    if ([...fresh].some((number) => number < had) || numbers.some((number) => number >= size)) return false;
    const added = this.addedFields();
    if (!added || !added.every((number) => this.isStamp(number, fresh))) return false;
    return numbers.every((number) => fresh.has(number) || this.isAllowed(number, added));
  }

  both(number) { return [this.layout.object(number, this.index - 1), this.layout.object(number, this.index)]; }

  /** The fields that this revision adds; null when it does anything else to them. */
  addedFields() {
    const before = this.layout.root(this.index - 1).get("AcroForm"), now = this.layout.root(this.index).get("AcroForm");
    return equal(before, now) && now instanceof Ref ? appended(...this.both(now.number), "Fields") : null;
  }

  /** Whether an object that was there may have become what it is now. */
  isAllowed(number, fields) {
    const [before, now] = this.both(number), isIt = (value) => value instanceof Ref && value.number === number;
    if (isIt(this.now.trailer.get("Root"))) return now instanceof Map && before instanceof Map && equal(without(before, "DSS"), without(now, "DSS"));
    if (isIt(this.layout.root(this.index).get("AcroForm"))) return true; // was looked at
    if (now instanceof Map && isName(now.get("Type"), "Page")) {
      const annotations = appended(before, now, "Annots");
      return Boolean(annotations) && annotations.every((each) => fields.includes(each));
    }
    return this.store().has(number);
  }

  /** The parts of the security store that came after the signature, which nobody sees. */
  store() {
    const found = references(this.layout, this.layout.root(this.index - 1).get("DSS"), this.index - 1);
    return new Set([...found].filter((number) => this.layout.origin(number, this.signed) === null));
  }

  /** A field that shows nothing, with a document timestamp in it, both of them new. */
  isStamp(number, fresh) {
    const widget = this.layout.object(number, this.index);
    if (!fresh.has(number) || !(widget instanceof Map) || !hasOnly(widget, FIELD_KEYS)) return false;
    const value = widget.get("V"), rect = widget.get("Rect");
    const isNothing = Array.isArray(rect) && rect.length === 4 && rect.every((each) => (each instanceof Real ? each.value : each) === 0);
    if (!isNothing || !(value instanceof Ref) || !fresh.has(value.number)) return false;
    const stamp = this.layout.object(value.number, this.index);
    return stamp instanceof Map && hasOnly(stamp, STAMP_KEYS) && isName(stamp.get("Type"), STAMP);
  }
}

const without = (map, key) => new Map([...map].filter(([name]) => name !== key));

/** What was put behind the list under `key`; null when anything else changed. */
function appended(before, now, key) {
  if (!(before instanceof Map) || !(now instanceof Map) || !equal(without(before, key), without(now, key))) return null;
  const had = before.has(key) ? before.get(key) : [], has = now.has(key) ? now.get(key) : [];
  if (!Array.isArray(had) || !Array.isArray(has) || !equal(has.slice(0, had.length), had)) return null;
  const added = has.slice(had.length), numbers = added.map((each) => (each instanceof Ref ? each.number : null));
  return numbers.every((each) => each !== null) && new Set(numbers).size === numbers.length ? numbers : null;
}

/** The numbers of all objects that can be reached from `value`. */
function references(layout, value, revision) {
  const found = new Set(), waiting = [value];
  while (waiting.length) {
    let each = waiting.pop();
    if (each instanceof Ref && !found.has(each.number)) {
      found.add(each.number);
      each = layout.object(each.number, revision);
    }
    if (each instanceof Map) waiting.push(...each.values());
    if (Array.isArray(each)) waiting.push(...each);
  }
  return found;
}
