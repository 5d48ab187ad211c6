// What lies in a certificate: attachments, links, signatures and the security store, read with bounds.
import { Malformed } from "../errors.js";
import { inflateWhole } from "../inflate.js";
import { Layout } from "./layout.js";
import { covers, isArchival, signatures } from "./revisions.js";
import { Name, NotLaidOut, Stream, Text, fail, isName } from "./values.js";

const MAX_BYTES = 512 * 1024 * 1024, MAX_ATTACHMENTS = 16, MAX_PAGES = 200, MAX_ANNOTATIONS = 1000, MAX_STORED = 64, MAX_STORED_BYTES = 16 * 1024 * 1024;
const BEGINS = "%PDF-";

export const isCertificate = (source) => [...source.read(0, BEGINS.length)].every((byte, n) => byte === BEGINS.charCodeAt(n)) && source.size >= BEGINS.length;

/** What `step` reads of a PDF, or the one sentence about all that it stumbles over. */
export function reading(step) {
  try { return step(); } catch (error) {
    if (!(error instanceof NotLaidOut)) throw error;
    throw new Malformed("The file is not laid out as a certificate is: it is another PDF, damaged or cut short, or a program has written into it.");
  }
}

export class Document {
  constructor(source) {
    if (source.size > MAX_BYTES) throw new Malformed("A certificate is a PDF file of at most {limit} bytes; this is none.", { limit: MAX_BYTES });
    this.data = source.read(0, source.size);
    reading(() => {
      this.layout = new Layout(this.data);
      this.signatures = signatures(this.layout);
    });
  }

  /** The bytes up to the end of the revision of `signature`, but for the signature itself. */
  covered({ gap: [begin, end], revision }) { return [this.data.subarray(0, begin), this.data.subarray(end, this.layout.revisions[revision].end)]; }

  /** Whether `stamp` covers the whole file, `signature` all up to itself, and between them stands only what may. */
  isCovered(signature, stamp) {
    const { layout } = this, isWhole = covers(layout, signature) && covers(layout, stamp) && stamp.revision === layout.last;
    return isWhole && reading(() => isArchival(layout, signature));
  }

  /** Attached files by name. */
  attachments() { return reading(() => this.#attachments()); }

  #attachments() {
    const { layout } = this, found = new Map();
    const names = layout.list(layout.map(layout.map(layout.root().get("Names")).get("EmbeddedFiles")).get("Names"));
    let left = MAX_BYTES;
    for (let n = 1; n < names.length; n += 2) {
      const specification = layout.map(names[n]), name = textOf(layout.resolved(specification.get("UF")));
      if (found.has(name)) throw new Malformed("The certificate holds the attachment “{name}” twice.", { name: name.slice(0, 100) });
      if (found.size === MAX_ATTACHMENTS) throw new Malformed("A certificate has at most {limit} attachments.", { limit: MAX_ATTACHMENTS });
      const data = contentOf(layout.resolved(layout.map(specification.get("EF")).get("F")), left);
      left -= data.length;
      found.set(name, data);
    }
    return found;
  }

  /** Where the links on its pages lead; one that is no address is named by its kind. */
  links() { return reading(() => new Set(this.#links())); }

  *#links() {
    const { layout } = this;
    let left = MAX_ANNOTATIONS;
    for (const page of this.#pages()) {
      for (const annotation of layout.list(page.get("Annots"))) {
        left -= 1;
        if (!left) fail();
        const target = layout.map(annotation), action = target.get("A") ?? null;
        if (isName(layout.resolved(target.get("Subtype")), "Link") && action !== null) yield this.#where(layout.map(action));
      }
    }
  }

  #where(action) {
    const address = this.layout.resolved(action.get("URI")), kind = this.layout.resolved(action.get("S"));
    if (address instanceof Text) return textOf(address);
    return kind instanceof Name ? kind.text : "";
  }

  #pages() {
    const { layout } = this, found = [], waiting = [layout.root().get("Pages")];
    for (let left = 2 * MAX_PAGES - 1; waiting.length; left -= 1) {
      const node = layout.map(waiting.pop()), kids = layout.list(node.get("Kids"));
      if (!left || found.length + waiting.length + kids.length > MAX_PAGES) throw new Malformed("A certificate has at most {limit} pages.", { limit: MAX_PAGES });
      if (!node.has("Kids")) found.push(node);
      waiting.push(...kids);
    }
    return found;
  }

  /** What the security store holds under `name`. */
  stored(name) {
    return reading(() => {
      const store = this.layout.root().get("DSS"), listed = store === undefined ? [] : this.layout.list(this.layout.map(store).get(name));
      let left = MAX_STORED_BYTES;
      if (listed.length > MAX_STORED) fail();
      return listed.map((each) => {
        const data = contentOf(this.layout.resolved(each), left);
        left -= data.length;
        return data;
      });
    });
  }
}

/** A text that people read; none of ours is anything else than ASCII. */
function textOf(value) { return value instanceof Text && /^[\0-\x7f]*$/.test(value.raw) ? value.raw : fail(); }

function contentOf(stream, most) {
  if (!(stream instanceof Stream)) fail();
  const { attributes, data } = stream, kind = attributes.get("Filter") ?? null;
  const isPacked = isName(kind, "FlateDecode") || (Array.isArray(kind) && kind.length === 1 && isName(kind[0], "FlateDecode"));
  const isPlain = kind === null || (Array.isArray(kind) && !kind.length);
  if (!(isPacked || isPlain) || attributes.has("DecodeParms")) throw new Malformed("An attachment of the certificate is packed in an unusual way.");
  const content = isPacked ? unpacked(data, most) : data;
  if (!content || content.length > most) throw new Malformed("An attachment of the certificate is damaged, or unpacks to too much.");
  return content;
}

function adler32(bytes) {
  let one = 1, two = 0;
  for (let at = 0; at < bytes.length;) {
    for (const stop = Math.min(at + 3800, bytes.length); at < stop; at += 1) { one += bytes[at]; two += one; }
    one %= 65521;
    two %= 65521;
  }
  return two * 65536 + one;
}

/** What zlib packed (RFC 1950); null where it is damaged, or more than `most`. */
function unpacked(packed, most) {
  if (packed.length < 6 || (packed[0] & 0x0f) !== 8 || packed[0] >> 4 > 7 || (packed[0] * 256 + packed[1]) % 31 || packed[1] & 0x20) return null;
  const body = packed.subarray(2, -4), sum = new DataView(packed.buffer, packed.byteOffset + packed.length - 4).getUint32(0);
  // What it unpacks to is not known before: at first little room is given, then more.
  for (let room = Math.min(most, 8 * body.length + 1024); ; room = Math.min(most, 8 * room)) {
    const { data, used, isMore } = inflateWhole(body, room);
    if (!isMore || room === most) return data && used === body.length && adler32(data) === sum ? data : null;
  }
}
