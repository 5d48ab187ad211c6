// A package put together here (specs/package.md), when the list of files is to be nowhere else: a ZIP of stored members.
import { breathe } from "./listing.js";

const text = new TextEncoder();
const AT_ONCE = 4 * 1024 * 1024; // of a list of a million lines; the page answers in between
const TYPE = "application/vnd.etsi.asic-e+zip";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

async function crc32(bytes) {
  let crc = 0xffffffff;
  for (let start = 0; start < bytes.length; start += AT_ONCE) {
    for (const byte of bytes.subarray(start, start + AT_ONCE)) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255];
    if (bytes.length > AT_ONCE) await breathe();
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Little-endian numbers of the given widths in bytes. */
function numbers(...pairs) {
  const bytes = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of pairs) for (let n = 0; n < width; n += 1) bytes[at++] = (value / 2 ** (8 * n)) & 255;
  return bytes;
}

const DATE = 0x21; // 1980-01-01, so that a package depends on nothing but its content
const common = (name, crc, size) => [[2, 20], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]];

/** `statement` and `manifest` are this machine's; `members` (`{name, content}`, base64) the server's. */
export async function packageOf(statement, manifest, members) {
  const decoded = members.map(({ name, content }) => [name, Uint8Array.from(atob(content), (c) => c.charCodeAt(0))]);
  const all = [
    ["mimetype", text.encode(TYPE)],
    ["statement.json", text.encode(statement)],
    ["manifest.jsonl", new Uint8Array(await manifest.arrayBuffer())],
    ...decoded,
  ];
  const parts = [], directory = [];
  let offset = 0, listed = 0;
  for (const [title, bytes] of all) {
    const name = text.encode(title), crc = await crc32(bytes);
    const local = numbers([4, 0x04034b50], ...common(name, crc, bytes.length));
    const entry = numbers([4, 0x02014b50], [2, 20], ...common(name, crc, bytes.length), [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    parts.push(local, name, bytes);
    directory.push(entry, name);
    offset += local.length + name.length + bytes.length;
    listed += entry.length + name.length;
  }
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, all.length], [2, all.length], [4, listed], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end], { type: TYPE });
}
