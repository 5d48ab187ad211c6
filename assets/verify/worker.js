// The worker: reads the package and the files, and judges. It is given bytes and gives verdicts; its policy lets it reach no address.
//
// It is told `examine` with the package, the trust files, and the files to compare (null where none were given); it tells
// `layers` once all but the files are judged, `progress` while these are read, `report` at the end, or `failed`.
import { hex, raw, rawOf } from "./bytes.js";
import { Problem } from "./errors.js";
import { isCertificate } from "./certificate/reading.js";
import { openCertificate } from "./certificate/verify.js";
import { open } from "./examine.js";
import { quicken } from "./hashes.js";
import { parseTrust } from "./trust.js";
import { pairOfHashes } from "../sealing/digests.js";

const PIECE = 4 * 1024 * 1024;
const TOLD_EVERY = 100; // milliseconds

const ready = Promise.all([pairOfHashes(), quicken()]);
const tell = (what, more = {}) => postMessage({ told: what, ...more });

/** Reads a Blob where it stands; nothing is copied that is not asked for. */
function sourceOf(blob) {
  const reader = new FileReaderSync();
  return { size: blob.size, read: (from, to) => new Uint8Array(reader.readAsArrayBuffer(blob.slice(from, Math.max(from, to)))) };
}

/** Both digests of a file, read in pieces; `read` is told how many bytes each has. */
function digestsOf(blob, hashes, read) {
  if (blob.size > hashes.most) throw new RangeError("too large");
  const source = sourceOf(blob);
  hashes.begin();
  for (let at = 0; at < blob.size; at += PIECE) {
    const bytes = source.read(at, at + PIECE);
    hashes.add(bytes);
    read(bytes.length);
  }
  const [sha256, sm3] = hashes.end();
  return { sha256: hex(sha256), sm3: hex(sm3) };
}

const asBytes = (name) => (typeof name === "string" ? rawOf(name) : raw(name));

function observe(files, hashes) {
  const total = files.reduce((sum, { blob }) => sum + (blob?.size ?? 0), 0);
  let done = 0, toldAt = 0;
  return files.map((file, count) => {
    const item = { kind: file.kind ?? "file", name: asBytes(file.name), path: asBytes(file.path), byItself: Boolean(file.byItself), target: file.target ? asBytes(file.target) : "" };
    if (item.kind !== "file") return item;
    const progress = (bytes) => {
      done += bytes;
      const now = performance.now();
      if (now - toldAt < TOLD_EVERY) return;
      toldAt = now;
      tell("progress", { done, total, count, of: files.length, name: file.path });
    };
    progress(0);
    try { return { ...item, size: file.blob.size, ...digestsOf(file.blob, hashes, progress) }; } catch (error) {
      if (!(error instanceof DOMException) && !(error instanceof RangeError)) throw error;
      throw Object.assign(new Error("unreadable"), { path: file.path });
    }
  });
}

async function act({ package: blob, trusts, files }) {
  const [hashes] = await ready;
  const began = performance.now();
  let known;
  try { known = trusts.map((bytes) => parseTrust(bytes)); } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return tell("failed", { sentence: { msgid: error.msgid, params: error.params } });
  }
  const source = sourceOf(blob), examination = isCertificate(source) ? openCertificate(source, known) : open(source, known);
  if (examination.refused) return tell("report", { report: examination });
  const took = performance.now() - began;
  if (files && examination.takesFiles) tell("layers", { report: examination.report(null) });
  const observed = files && examination.takesFiles ? observe(files, hashes) : files && [];
  const later = performance.now();
  const report = examination.report(observed);
  return tell("report", { report, milliseconds: took + performance.now() - later });
}

onmessage = ({ data }) => { act(data).catch((error) => tell("failed", { unreadable: error.path ?? null, error: String(error) })); };
