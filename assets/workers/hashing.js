// A worker that reads files, and nothing else: its own policy lets it compile WebAssembly and reach no address at all.
//
// It is told `begin`, then `add` with files or `walk` with the handle of a folder, then `listed`; `pause`, `go`, `leave`
// (what could not be read), `make` (manifest and statement of a folder) and `forget`; `alone` when the worker beside it failed. It tells `progress`, `problem`,
// `paused`, `again` (give me this file anew), `hashed`, `made` and `failed`. Called "beside" it does nothing but SM3, for another.
import { Beside, LostError, hex, pairOfHashes, serve } from "../sealing/digests.js";
import { openKept } from "../sealing/kept.js";
import { MOST_LEAVES, isName, sealOf } from "../sealing/manifest.js";

const PIECE = 4 * 1024 * 1024;
const PIECES_AHEAD = 3; // of a large file: the browser takes longer over one than hashing it does
const SMALL = 1024 * 1024;
const AHEAD = 12; // small files that are being read while another is hashed
const TOLD_EVERY = 150; // milliseconds
const SAVED_EVERY = 1000;
const TRIES = 3;

const opened = Promise.all([pairOfHashes(), openKept()]);
const tell = (what, more = {}) => postMessage({ told: what, ...more });
let hashes, kept, beside = null, job = null;

class Job {
  constructor(work, known, partial) {
    Object.assign(this, { work, known, partial });
    this.waiting = []; // entries to be hashed: {path, file, handle, tries}
    this.next = 0;
    this.leaves = [];
    this.paths = new Set();
    this.problems = new Map();
    this.unsaved = [];
    this.count = { files: 0, bytes: 0, listedFiles: 0, listedBytes: 0, skipped: 0 };
    this.isListed = false;
    this.isPaused = false;
    this.isOver = false;
    this.wake = () => {};
    this.toldAt = 0;
    this.savedAt = performance.now();
    this.told = false;
  }

  /** Waits until something changes: more files, going on, or the end. */
  changed() { return new Promise((resolve) => { this.wake = resolve; }); }

  add(entry) {
    if (!isName(entry.path)) return this.problem(entry, "name");
    if (this.paths.has(entry.path)) return entry.tries ? undefined : this.problem(entry, "twice");
    this.paths.add(entry.path);
    if (this.paths.size > MOST_LEAVES) throw new RangeError("too many");
    if (entry.folder) { this.leaves.push({ path: entry.path, folder: true }); return undefined; }
    this.count.listedFiles += 1;
    this.count.listedBytes += entry.file?.size ?? 0;
    this.waiting.push({ ...entry, tries: 0, isCounted: Boolean(entry.file) });
    return undefined;
  }

  problem(entry, why) {
    this.problems.set(entry.path, { ...entry, why });
    tell("problem", { path: entry.path, why });
  }

  progress(name = "", bytes = 0) {
    const now = performance.now();
    if (now - this.toldAt < TOLD_EVERY) return;
    this.toldAt = now;
    tell("progress", { ...this.count, bytes: this.count.bytes + bytes, isListed: this.isListed, name });
  }

  async run() {
    const ahead = [];
    while (!this.isOver) {
      while (ahead.length < AHEAD && this.next < this.waiting.length) {
        const entry = this.waiting[this.next];
        this.waiting[this.next++] = null;
        ahead.push({ entry, read: this.read(entry).catch((error) => ({ error })) });
      }
      if (this.isPaused || !ahead.length) {
        if (!ahead.length && this.isListed) await this.finished();
        if (this.isPaused) await this.keepRows();
        if (this.isPaused) tell("paused"); // only now, for what was read is kept
        if (this.isPaused || (!ahead.length && this.next >= this.waiting.length)) await this.changed();
        continue;
      }
      const { entry, read } = ahead[0];
      await this.hash(entry, await read);
      if (entry.isDone || this.isOver) ahead.shift();
      else ahead[0].read = this.read(entry).catch((error) => ({ error })); // stopped in its middle
      if (this.unsaved.length >= 500 || performance.now() - this.savedAt > SAVED_EVERY) await this.save();
    }
  }

  /** The file itself, and what is in a small one that is not known yet. */
  async read(entry) {
    if (entry.handle && !entry.file) entry.file = await entry.handle.getFile();
    const { file } = entry;
    if (!entry.isCounted) { this.count.listedBytes += file.size; entry.isCounted = true; }
    const known = this.known.get(entry.path);
    if (known && known.size === file.size && known.modified === file.lastModified) return { known };
    if (file.size > hashes.most) return { error: new RangeError("too large") };
    return file.size > SMALL ? {} : { bytes: new Uint8Array(await file.arrayBuffer()) };
  }

  async hash(entry, { known, bytes, error }) {
    const { file } = entry;
    entry.isDone = true;
    try {
      if (error) throw error;
      if (known) { this.count.skipped += 1; return this.finish(entry, known); }
      let digests;
      if (bytes) {
        if (bytes.length !== file.size) return await this.anew(entry);
        hashes.begin(this.work.digests);
        hashes.add(bytes);
        digests = hashes.end();
      } else {
        digests = await this.hashLarge(entry).catch((error) => {
          if (error instanceof LostError) return null; // once more, by this worker alone
          throw error;
        });
        if (!digests) { entry.isDone = false; return undefined; }
        if (!(await isSame(entry))) return await this.anew(entry);
      }
      const row = { path: entry.path, size: file.size, modified: file.lastModified, sha256: hex(digests[0]), sm3: hex(digests[1]) };
      this.unsaved.push(row);
      return this.finish(entry, row);
    } catch (reason) {
      if (reason instanceof RangeError) return this.problem(entry, "large");
      return this.anew(entry);
    }
  }

  finish(entry, { size, sha256, sm3 }) {
    this.leaves.push({ path: entry.path, size, sha256, sm3 });
    this.count.files += 1;
    this.count.bytes += size;
    this.progress(entry.path);
  }

  /** Both digests of a large file, read in pieces; nothing when it was stopped on the way. */
  async hashLarge(entry) {
    const { file, path } = entry;
    const { size, lastModified: modified } = file;
    let offset = 0;
    const other = this.work.digests === 1 ? null : beside, count = other ? 1 : this.work.digests;
    hashes.begin(count);
    const earlier = this.partial;
    if (earlier && earlier.path === path && earlier.size === size && earlier.modified === modified && earlier.states) {
      try { hashes.load(earlier.states); offset = earlier.offset; } catch { hashes.begin(count); } // of another release
    }
    if (other && !(await other.begin(offset ? earlier.states[1] : null))) { hashes.begin(count); offset = 0; }
    if (this.isOver) return null;
    const coming = []; // pieces that are being read while another is hashed
    let asked = offset;
    while (offset < size) {
      for (; coming.length < PIECES_AHEAD && asked < size; asked += PIECE) {
        coming.push(file.slice(asked, Math.min(asked + PIECE, size)).arrayBuffer());
        coming.at(-1).catch(() => {});
      }
      const bytes = new Uint8Array(await coming.shift());
      if (this.isOver) return null; // another has begun, and uses the same memory
      if (bytes.length !== Math.min(PIECE, size - offset)) throw new Error("it became shorter");
      hashes.add(bytes);
      offset += bytes.length;
      await other?.add(bytes.buffer);
      this.progress(path, offset);
      const stops = this.isPaused;
      if (stops || performance.now() - this.savedAt > SAVED_EVERY) {
        const own = hashes.save(); // nothing, where nothing can be kept
        this.partial = { work: this.work.id, path, size, modified, offset, states: own && other ? [...own, await other.save()] : own };
        await kept.keepPartial(this.partial);
        this.savedAt = performance.now();
        if (stops && offset < size) return null;
      }
    }
    const [sha256, sm3] = hashes.end();
    return [sha256, other ? await other.end() : sm3];
  }

  /** It changed while it was read, or cannot be read: once more from its beginning, or a problem. */
  async anew(entry) {
    entry.tries = (entry.tries ?? 0) + 1;
    entry.isDone = true;
    const before = entry.file;
    if (entry.tries > TRIES) return this.problem(entry, "changed");
    let file = null;
    if (entry.handle) file = await entry.handle.getFile().catch(() => null);
    else if (this.work.canAsk) file = await new Promise((resolve) => { this.fresh = resolve; tell("again", { path: entry.path }); });
    if (!file) return this.problem(entry, "unreadable");
    const isOther = before && (file.size !== before.size || file.lastModified !== before.lastModified);
    if (isOther) tell("changed", { path: entry.path });
    this.count.listedBytes += file.size - (before?.size ?? 0);
    this.waiting.push({ ...entry, file, isCounted: true });
    return undefined;
  }

  async keepRows() {
    const rows = this.unsaved;
    this.unsaved = [];
    this.savedAt = performance.now();
    await kept.keepHashed(this.work.id, rows);
  }

  async save() {
    await this.keepRows();
    this.progress();
  }

  async finished() {
    if (this.told) return;
    await this.save();
    this.told = true;
    this.toldAt = 0;
    this.progress();
    const files = this.work.kind === "files" ? this.leaves : [];
    tell("hashed", { ...this.count, leaves: this.leaves.length, files, problems: this.problems.size });
  }

  /** Tries again what could not be read, or leaves it out. */
  settle(isLeftOut) {
    const had = [...this.problems.values()];
    this.problems.clear();
    this.told = false;
    for (const entry of had) {
      if (isLeftOut) this.count.listedFiles -= this.paths.delete(entry.path) ? 1 : 0;
      else if (entry.why !== "name" && entry.why !== "twice") this.waiting.push({ ...entry, tries: 0 });
      else this.problem(entry, entry.why);
    }
    this.wake();
  }
}

/** Whether a file is still what it was when its hashing began; where nobody can say, reading one byte tells. */
async function isSame({ file, handle }) {
  const now = handle ? await handle.getFile() : file;
  if (now.size !== file.size || now.lastModified !== file.lastModified) return false;
  await file.slice(0, 1).arrayBuffer();
  return true;
}

/** Everything in a folder whose handle the page has, but for the folder's own name. */
async function walk(mine, folder, prefix) {
  let isEmpty = true;
  for await (const [name, handle] of folder.entries()) {
    isEmpty = false;
    if (mine.isOver) return;
    if (handle.kind === "directory") await walk(mine, handle, `${prefix}${name}/`);
    else mine.add({ path: prefix + name, handle });
    if (mine.waiting.length % 200 === 1) { mine.wake(); mine.progress(); }
  }
  if (isEmpty && prefix) mine.add({ path: prefix.slice(0, -1), folder: true });
}

async function make(mine, declared) {
  let made;
  try {
    made = sealOf(mine.leaves, hashes, declared);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    mine.problem({ path: error.message }, "name");
    return;
  }
  // Kept before anything is sent: whoever comes back after a crash registers the same statement, and so once.
  Object.assign(mine.work, { made, files: mine.leaves.length });
  await kept.put(mine.work);
  tell("made", { work: mine.work });
}

const acts = {
  beside({ port }) { new Beside(port, (ready) => { beside = ready; }); },
  alone() { beside?.lose(); beside = null; },
  async begin({ work }) {
    if (job) { job.isOver = true; job.wake(); }
    const known = await kept.find(work.id);
    const all = { ...work, key: known?.key ?? work.key, began: known?.began ?? Date.now(), handle: work.handle ?? known?.handle };
    const mine = new Job(all, await kept.hashed(work.id), await kept.partial(work.id));
    job = mine;
    await kept.put(all).catch(() => kept.put({ ...all, handle: undefined }));
    tell("begun", { work: all });
    mine.run().catch((error) => tell("failed", { reason: String(error) }));
  },
  add({ entries }) {
    for (const entry of entries) job.add(entry);
    job.wake();
  },
  async walk({ handle }) {
    const mine = job;
    await walk(mine, handle, "");
    mine.isListed = true;
    mine.wake();
  },
  async listed({ handle }) {
    if (handle) await kept.put(Object.assign(job.work, { handle })).catch(() => { job.work.handle = undefined; });
    job.isListed = true;
    job.wake();
  },
  fresh({ file }) { job.fresh(file); },
  pause() { job.isPaused = true; },
  go() { job.isPaused = false; job.wake(); },
  again() { job.settle(false); },
  leave() { job.settle(true); },
  make: ({ declared }) => make(job, declared),
  async forget({ id }) {
    if (job?.work.id === id) { job.isOver = true; job.wake(); job = null; }
    await kept.forget(id);
    tell("forgotten", { id });
  },
  async unfinished({ holder }) { tell("unfinished", { works: await kept.unfinished(holder) }); },
  keep: ({ work }) => kept.put(work),
};

// One after the other, in the order they were told; only walking a folder goes on beside them.
let turn = opened.then((both) => { [hashes, kept] = both; tell("ready", { most: hashes.most }); });
const doInTurn = ({ data }) => {
  const act = () => acts[data.do](data);
  const failed = (error) => tell("failed", { reason: error?.name ?? String(error) });
  turn = turn.then(() => (data.do === "walk" ? void act().catch(failed) : act())).catch(failed);
};
onmessage = self.name === "beside" ? ({ data }) => { serve(data.port).catch(() => {}); } : doInTurn;
