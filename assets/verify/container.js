// The container (specs/package.md): a zip file, read with bounds and strictly. Nothing is unpacked before its sizes are known.
import { same, textOf, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";
import { inflate } from "./inflate.js";
import { MAX_MANIFEST_BYTES } from "./manifest.js";

const MIMETYPE = utf8("application/vnd.etsi.asic-e+zip");
const MAX_PACKAGE_BYTES = 2 * 1024 ** 3, MAX_MEMBERS = 256, MAX_MEMBER_BYTES = 16 * 1024 ** 2, MAX_DIRECTORY_BYTES = 256 * 1024;
const MAX_RATIO = 200, RATIO_FREE_BYTES = 1024 ** 2;
const END = 22, LOCATOR = 20, ENTRY = 46, HEADER = 30, UTF8_NAME = 0x800;
const STORED = 0, DEFLATED = 8, NEWEST = 63;
const CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (let n = 0; n < bytes.length; n += 1) value = CRC[(value ^ bytes[n]) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const unreadable = () => new Malformed("The package is not a readable zip file: it is damaged or cut short.");

/** A member's name, as zip files have it: UTF-8 where they say so, else the IBM PC's letters. Null where it is neither. */
function nameIn(bytes, flags) {
  if (flags & UTF8_NAME) return textOf(bytes);
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])).join("");
}

export class Container {
  /** @param source: `size`, and `read(from, to)` which gives those bytes. */
  constructor(source) {
    this.source = source;
    const { start, size } = this.#end();
    const members = this.#directory(start, size);
    this.members = new Map(members.map((member) => [member.name, member]));
    if (this.members.size !== members.length) throw new Malformed("The package holds a member twice.");
    members.forEach(checkMember);
    const [first] = members;
    const isFirst = first?.name === "mimetype" && first.at === 0 && first.method === STORED && !first.extra;
    if (!isFirst || !same(this.read("mimetype"), MIMETYPE)) throw new Malformed("The file is not a Zonary package: it does not begin with the ASiC-E media type.");
  }

  get names() { return [...this.members.keys()]; }

  has(name) { return this.members.has(name); }

  /** The bytes of a member. */
  read(name) {
    const member = this.members.get(name);
    if (!member) throw new Malformed("The package has no member “{name}”.", { name });
    const data = this.#unpacked(member);
    // What ends too early and has another sum is damaged; what has the sum of less than it says says too much.
    if (!data || crc32(data) !== member.crc) throw new Malformed("The member “{name}” of the package is damaged.", { name });
    if (data.length !== member.size) throw new Malformed("The member “{name}” of the package is not as long as it says.", { name });
    return data;
  }

  #unpacked({ original, at, flags, method, packed, size }) {
    const header = this.source.read(at, at + HEADER);
    if (header.length !== HEADER || view(header).getUint32(0, true) !== 0x04034b50 || flags & 0x60) return null;
    const fields = view(header), nameLength = fields.getUint16(26, true), start = at + HEADER + nameLength + fields.getUint16(28, true);
    const name = this.source.read(at + HEADER, at + HEADER + nameLength);
    if (nameIn(name, fields.getUint16(6, true)) !== original) return null;
    const data = this.source.read(start, start + packed);
    if (data.length < packed && method === STORED && data.length < size) return null;
    return method === STORED ? data.subarray(0, size) : inflate(data, size);
  }

  #end() {
    const { size } = this.source;
    if (size > MAX_PACKAGE_BYTES) throw new Malformed("The package has {size} bytes; at most {limit} are read.", { size, limit: MAX_PACKAGE_BYTES });
    const tail = this.source.read(Math.max(0, size - END - LOCATOR), size);
    if (tail.length !== END + LOCATOR) throw unreadable();
    const fields = view(tail), end = LOCATOR;
    if (fields.getUint32(end, true) !== 0x06054b50 || fields.getUint16(end + 20, true)) throw unreadable();
    const count = fields.getUint16(end + 10, true), directory = fields.getUint32(end + 12, true), start = fields.getUint32(end + 16, true);
    if (fields.getUint32(0, true) === 0x07064b50 || start + directory !== size - END) throw new Malformed("The package is a zip file of an unusual make: ZIP64, or with bytes that belong to nothing.");
    if (count > MAX_MEMBERS || directory > MAX_DIRECTORY_BYTES) throw new Malformed("The package has more than {limit} members.", { limit: MAX_MEMBERS });
    return { start, size: directory };
  }

  #directory(start, size) {
    const bytes = this.source.read(start, start + size), fields = view(bytes), members = [];
    for (let at = 0; at < size;) {
      if (at + ENTRY > bytes.length || fields.getUint32(at, true) !== 0x02014b50) throw unreadable();
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((n) => fields.getUint16(at + n, true));
      const flags = fields.getUint16(at + 8, true), nameAt = at + ENTRY;
      const original = nameIn(bytes.subarray(nameAt, nameAt + nameLength), flags);
      if (original === null || bytes[at + 6] > NEWEST) throw unreadable();
      const extra = bytes.subarray(nameAt + nameLength, nameAt + nameLength + extraLength);
      members.push(widened({
        original, name: original.split("\0")[0], flags, method: fields.getUint16(at + 10, true), crc: fields.getUint32(at + 16, true),
        packed: fields.getUint32(at + 20, true), size: fields.getUint32(at + 24, true), at: fields.getUint32(at + 42, true), extra: extra.length,
      }, extra));
      at = nameAt + nameLength + extraLength + commentLength;
    }
    return members;
  }
}

/** With the sizes that stand in a ZIP64 field, where one says so. */
function widened(member, extra) {
  const fields = view(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = fields.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) throw unreadable();
    let from = at + 4;
    for (const name of fields.getUint16(at, true) === 1 ? ["size", "packed", "at"] : []) {
      if (member[name] !== 0xffffffff) continue;
      if (from + 8 > at + 4 + length) throw unreadable();
      member[name] = Number(fields.getBigUint64(from, true));
      from += 8;
    }
    at += 4 + length;
  }
  return member;
}

function checkMember({ name, original, flags, method, packed, size }) {
  const isPlain = /^[^\x00-\x1f\x7f\\:]{1,512}$/u.test(name) && name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (original !== name || !isPlain) throw new Malformed("The package holds a member whose name is not a plain relative path.");
  if (flags & 1 || (method !== STORED && method !== DEFLATED)) throw new Malformed("The member “{name}” of the package is encrypted or packed in an unusual way.", { name });
  const limit = name === "manifest.jsonl" ? MAX_MANIFEST_BYTES : MAX_MEMBER_BYTES;
  if (size > limit || (size > RATIO_FREE_BYTES && size > MAX_RATIO * Math.max(packed, 1))) {
    throw new Malformed("The member “{name}” of the package would unpack to {size} bytes; that is refused.", { name, size });
  }
}
