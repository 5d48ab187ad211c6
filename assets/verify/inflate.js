// DEFLATE (RFC 1951), read as far as it is wanted: what a stream holds beyond that is never unpacked, so it can be no bomb.
class Broken extends Error {}

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A table of `2 ** bits` entries: the next bits of the stream to symbol * 16 + length of its code; 0 where there is none. */
function tableOf(lengths) {
  const bits = Math.max(...lengths);
  const counts = new Array(bits + 2).fill(0);
  for (const length of lengths) if (length) counts[length + 1] += 1;
  const next = [0, 0];
  let free = 1;
  for (let length = 1; length <= bits; length += 1) {
    free = 2 * free - counts[length + 1];
    if (free < 0) throw new Broken();
    next[length] = length === 1 ? 0 : (next[length - 1] + counts[length]) * 2;
  }
  if (free && lengths.filter(Boolean).length > 1) throw new Broken(); // of one code alone the other half may be unused
  const table = new Uint16Array(1 << bits);
  lengths.forEach((length, symbol) => {
    if (!length) return;
    let reversed = 0;
    for (let n = 0, code = next[length]; n < length; n += 1, code >>= 1) reversed = (reversed << 1) | (code & 1);
    next[length] += 1;
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = symbol * 16 + length;
  });
  return { table, mask: table.length - 1 };
}

const FIXED = [
  tableOf([...new Array(144).fill(8), ...new Array(112).fill(9), ...new Array(24).fill(7), ...new Array(8).fill(8)]),
  tableOf(new Array(32).fill(5)),
];

class Stream {
  held = 0; count = 0; at = 0; isOver = false;
  constructor(bytes) { this.bytes = bytes; }

  /** At least `wanted` bits are held, if there are so many. */
  fill(wanted) {
    while (this.count < wanted && this.at < this.bytes.length) {
      this.held |= this.bytes[this.at++] << this.count;
      this.count += 8;
    }
  }

  drop(number) {
    if (this.count < number) { this.isOver = true; return; }
    this.held >>>= number;
    this.count -= number;
  }

  take(number) {
    this.fill(number);
    const value = this.held & ((1 << number) - 1);
    this.drop(number);
    return value;
  }

  symbol({ table, mask }) {
    this.fill(15);
    const entry = table[this.held & mask];
    if (!entry) {
      if (this.count < 15) { this.isOver = true; return -1; }
      throw new Broken();
    }
    this.drop(entry & 15);
    return entry >> 4;
  }
}

function dynamic(stream) {
  const literals = stream.take(5) + 257, distances = stream.take(5) + 1, codes = stream.take(4) + 4;
  if (literals > 286 || distances > 30) throw new Broken();
  const first = new Array(19).fill(0);
  for (let n = 0; n < codes; n += 1) first[ORDER[n]] = stream.take(3);
  if (stream.isOver) return null;
  const code = tableOf(first), lengths = [];
  while (lengths.length < literals + distances) {
    const symbol = stream.symbol(code);
    if (stream.isOver) return null;
    if (symbol < 16) { lengths.push(symbol); continue; }
    if (symbol === 16 && !lengths.length) throw new Broken();
    const count = symbol === 16 ? 3 + stream.take(2) : symbol === 17 ? 3 + stream.take(3) : 11 + stream.take(7);
    const repeated = symbol === 16 ? lengths.at(-1) : 0;
    for (let n = 0; n < count; n += 1) lengths.push(repeated);
  }
  if (stream.isOver) return null;
  if (lengths.length > literals + distances || !lengths[256]) throw new Broken();
  return [tableOf(lengths.slice(0, literals)), tableOf(lengths.slice(literals))];
}

/** At most `size` bytes of what `packed` unpacks to; fewer where it ends before. Null where it is damaged. */
export function inflate(packed, size) {
  const out = new Uint8Array(size), stream = new Stream(packed);
  try {
    return out.subarray(0, unpack(stream, out));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return null;
  }
}

/** All that `packed` unpacks to, and how many of its bytes that took: `{data, used}`; without data where it is damaged or
 * ends early, and `isMore` where it is more than `most` bytes. */
export function inflateWhole(packed, most) {
  const out = new Uint8Array(most + 1), stream = new Stream(packed);
  try {
    const size = unpack(stream, out);
    if (size > most) return { isMore: true };
    return stream.isOver ? {} : { data: out.subarray(0, size), used: stream.at - (stream.count >> 3) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return {};
  }
}

function unpack(stream, out) {
  let at = 0;
  for (let isLast = 0; !isLast;) {
    isLast = stream.take(1);
    const kind = stream.take(2);
    if (stream.isOver) return at;
    if (kind === 3) throw new Broken();
    at = kind === 0 ? stored(stream, out, at) : compressed(stream, out, at, kind === 1 ? FIXED : dynamic(stream));
    if (stream.isOver || at >= out.length) return at;
  }
  return at;
}

function stored(stream, out, at) {
  stream.drop(stream.count & 7);
  const length = stream.take(16), complement = stream.take(16);
  if (stream.isOver) return at;
  if ((length ^ complement) !== 0xffff) throw new Broken();
  stream.at -= stream.count >> 3;
  stream.held = 0;
  stream.count = 0;
  const count = Math.min(length, stream.bytes.length - stream.at, out.length - at);
  out.set(stream.bytes.subarray(stream.at, stream.at + count), at);
  if (stream.at + length > stream.bytes.length) stream.isOver = true;
  stream.at += length;
  return at + count;
}

function compressed(stream, out, start, tables) {
  if (!tables) return start;
  const [literals, distances] = tables, end = out.length;
  let at = start;
  while (at < end) {
    const symbol = stream.symbol(literals);
    if (stream.isOver || symbol === 256) return at;
    if (symbol < 256) { out[at++] = symbol; continue; }
    if (symbol > 285) throw new Broken();
    const length = LENGTHS[symbol - 257] + stream.take(LENGTH_BITS[symbol - 257]);
    const far = stream.symbol(distances);
    if (stream.isOver) return at;
    if (far > 29) throw new Broken();
    const distance = DISTANCES[far] + stream.take(DISTANCE_BITS[far]);
    if (stream.isOver) return at;
    if (distance > at) throw new Broken();
    for (const stop = Math.min(at + length, end); at < stop; at += 1) out[at] = out[at - distance];
  }
  return at;
}
