// A folder as one file: a tar archive (POSIX.1-2001 pax) that is put together while it is read, and takes no memory.
const BLOCK = 512;
const text = new TextEncoder();

const octal = (value, width) => value.toString(8).padStart(width - 1, "0");

function header(name, { size, modified, type }) {
  const bytes = new Uint8Array(BLOCK);
  const put = (at, what) => bytes.set(text.encode(what), at);
  bytes.set(text.encode(name).subarray(0, 100), 0);
  put(100, type === "5" ? "0000755" : "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size, 12));
  put(136, octal(modified, 12));
  put(148, "        ");
  put(156, type);
  put(257, "ustar");
  put(263, "00");
  put(148, `${octal(bytes.reduce((sum, byte) => sum + byte, 0), 7)}\0`);
  return bytes;
}

/** One line of an extended header: its own length in front, counted with the digits it is written with. */
function record(key, value) {
  const rest = text.encode(` ${key}=${value}\n`).length;
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return text.encode(`${length} ${key}=${value}\n`);
}

const padded = (size) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** @param entries: `{path, file, modified}`, or `{path, folder: true}`; their bytes are read when the archive's are. */
export function archiveOf(entries) {
  const parts = [];
  for (const { path, file, folder } of entries) {
    const name = folder ? `${path}/` : path;
    const size = file?.size ?? 0, modified = Math.max(0, Math.floor((file?.lastModified ?? 0) / 1000));
    const isLarge = size >= 8 ** 11;
    if (isLarge || text.encode(name).length > 100 || /[^\x20-\x7e]/.test(name)) {
      const lines = [record("path", name), ...(isLarge ? [record("size", size)] : [])];
      const length = lines.reduce((sum, line) => sum + line.length, 0);
      parts.push(header("pax", { size: length, modified, type: "x" }), ...lines, padded(length));
    }
    parts.push(header(name, { size: isLarge ? 0 : size, modified, type: folder ? "5" : "0" }));
    if (file) parts.push(file, padded(size));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts);
}
