// The copy of what was registered, for whoever wants one kept: sent after the record is there, and never before.
import { archiveOf } from "./archive.js";
import { breathe, fileOf } from "./listing.js";
import { number, size } from "./panel.js";
import { ofFile, ofStream, upload } from "./uploading.js";

const LINES_AT_ONCE = 5000;
/** What a browser calls a file that was changed, moved or taken away since it was chosen. */
const UNREADABLE = new Set(["NotReadableError", "NotFoundError", "NotAllowedError"]);
const title = (name) => Array.from(name).slice(0, 120).join("");

/** Everything below a folder whose handle was kept. */
async function* below(folder, prefix = "") {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") yield* below(handle, `${prefix}${name}/`);
    else yield [prefix + name, await handle.getFile()];
  }
}

export class Storing {
  /** @param keep: keeps a piece of work in this browser. @param opened: what the browser keeps.
   *  @param entries: path -> entry, of what lay in folders that were dropped. */
  constructor(root, panel, server, { keep, opened, entries }) {
    Object.assign(this, { root, panel, server, keep, opened, entries });
    this.files = new Map(); // path -> File, of what else was dropped or chosen since the page was opened
    this.key = null;
    this.offered = null; // while files are asked for: whom to give them
  }

  get isAsking() { return Boolean(this.offered); }

  /** Of what was dropped the entry is remembered anyway, and 200,000 files at hand would slow the page down. */
  take(entries) { for (const { path, file } of entries) if (file && !this.entries.has(path)) this.files.set(path, file); }

  async fileAt(path) {
    const entry = this.entries.get(path);
    return this.files.get(path) ?? (entry ? fileOf(entry) : null);
  }

  /** Somebody dropped or chose something while that was asked for. */
  async offer(batches) {
    for await (const entries of batches) this.take(entries);
    this.offered();
  }

  encrypting() { return import(this.root.dataset.encrypting); }

  /** Another choice was made: who wants it encrypted is shown a key, once. */
  async choose(form) {
    const isEncrypted = form.elements.namedItem("store").value === "encrypted";
    this.panel.show("key", isEncrypted);
    this.panel.tell("unsafe", "");
    if (!isEncrypted || this.key) return;
    this.key = await (await this.encrypting()).newKey();
    this.panel.find("identity").textContent = this.key.identity;
  }

  /** What was wanted, or nothing while something is missing. */
  wanted(form) {
    const store = form.elements.namedItem("store").value;
    if (store !== "encrypted") return { store, recipients: [] };
    const isKept = Boolean(this.key) && form.elements.namedItem("key-kept").checked;
    this.panel.tell("unsafe", isKept ? "" : "key");
    if (!isKept) { form.elements.namedItem("key-kept").focus(); return null; }
    const isEscrow = Boolean(form.elements.namedItem("escrow")?.checked);
    return { store, escrow: isEscrow, recipients: [this.key.recipient, ...(isEscrow ? [this.root.dataset.escrow] : [])] };
  }

  /** Whether all of it is small enough; `files` of loose files, else `bytes` of the folder. */
  fits({ files, bytes, leaves }) {
    const most = Number(this.root.dataset.mostStored);
    const largest = files.length ? Math.max(...files.map((each) => each.size)) : bytes + 3 * 512 * leaves;
    const fits = largest * 1.001 + 65536 <= most;
    if (!fits) this.panel.tell("note", "too-large-to-store", { most: size(most) });
    return fits;
  }

  /** Sends what is not there yet, and says of which record it is a copy. :throws Refused: with what the server said. */
  async store(work) {
    work.stored ??= {};
    work.places ??= {};
    this.panel.show("bar");
    this.panel.show("count", false);
    for (const [n, id] of work.receipts.entries()) {
      if (work.stored[id]) continue;
      const done = { done: number(n), total: number(work.receipts.length) };
      await this.one(work, id, work.kind === "folder" ? null : work.files[n], done);
      work.stored[id] = true;
      this.keep(work);
    }
  }

  async one(work, id, leaf, done) {
    const { store, recipients, escrow } = work.wanted;
    const isEncrypted = store === "encrypted";
    const name = `${leaf ? leaf.path : `${work.name.replace(/ …$/, "")}.tar`}${isEncrypted ? ".age" : ""}`;
    const metadata = {
      filename: name,
      title: title(work.receipts.length > 1 ? leaf.path : work.wanted.title),
      kind: "evidence",
      sha256: leaf && !isEncrypted ? leaf.sha256 : "",
      encryption: isEncrypted ? "age" : "",
      escrow: escrow ? "yes" : "",
    };
    const open = async () => {
      const file = await this.source(work, leaf);
      this.panel.tell("state", "storing");
      this.size = file.size;
      if (!isEncrypted) return ofFile(file);
      const sealed = await (await this.encrypting()).encrypted(file, recipients);
      return ofStream(sealed.stream, sealed.size);
    };
    const told = (offset) => {
      const bar = this.panel.find("bar");
      bar.max = 1;
      bar.value = this.size ? Math.min(1, offset / this.size) : 1;
      this.panel.say("stored", { ...done, sent: size(Math.min(offset, this.size)), size: size(this.size) });
    };
    const kept = (place) => { work.places[id] = place; this.keep(work); };
    const { document, version } = await this.readably(
      () => upload(this.server, open, { metadata, place: work.places[id], kept, told }),
    );
    await this.server.ask("POST", `/api/v1/evidence/${id}/copies`, JSON.stringify({ document, version }));
  }

  /** What `act` gives; when a file cannot be read any more, once more with those that are then asked for. */
  async readably(act) {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!UNREADABLE.has(error?.name)) throw error;
        this.files.clear();
        this.entries.clear();
      }
    }
  }

  /** What is to be sent, as it was when it was registered; asked for until it is there. */
  async source(work, leaf) {
    const known = await (await this.opened).hashed(work.id);
    const leaves = leaf ? [leaf] : await listed(work.made.manifest);
    await this.readAgain(work).catch(() => {}); // then it is asked for
    for (;;) {
      const entries = [];
      for (const each of leaves) entries.push(each.folder ? each : { ...each, file: await this.fileAt(each.path) });
      const isSame = ({ folder, file, path, size: bytes }) => folder
        || (file && file.size === bytes && file.lastModified === (known.get(path)?.modified ?? file.lastModified));
      const other = entries.find((each) => !isSame(each));
      if (!other) return leaf ? entries[0].file : archiveOf(entries);
      this.panel.tell("state", "to-choose", { path: other.path });
      await this.asked(work);
    }
  }

  /** Waits until somebody drops or chooses it again, or lets the folder be read whose handle was kept. */
  async asked(work) {
    const again = this.panel.find("read-again");
    again.hidden = !work.handle;
    again.onclick = async () => {
      if ((await work.handle.requestPermission({ mode: "read" })) !== "granted") return;
      await this.readAgain(work);
      this.offered();
    };
    this.panel.show("drop");
    await new Promise((resolve) => { this.offered = resolve; });
    this.offered = null;
    again.hidden = true;
    this.panel.show("drop", false);
  }

  async readAgain(work) {
    if (!work.handle || this.files.size || this.entries.size || (await work.handle.queryPermission({ mode: "read" })) !== "granted") return;
    for await (const [path, file] of below(work.handle)) this.files.set(path, file);
  }
}

/** Files and empty folders of a manifest, by their names. */
async function listed(manifest) {
  const lines = (await manifest.text()).split("\n"), leaves = [];
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    for (const line of lines.slice(start, start + LINES_AT_ONCE)) {
      const leaf = line ? JSON.parse(line) : {};
      if (leaf.kind === "file") leaves.push({ path: leaf.name, size: leaf.size });
      else if (leaf.kind === "directory") leaves.push({ path: leaf.name, folder: true });
    }
    await breathe();
  }
  return leaves.sort((one, other) => (one.path < other.path ? -1 : 1));
}
