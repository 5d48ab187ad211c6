// Registering files and folders: they are read by a worker on this machine (workers/hashing.js); this page shows how far
// that is, and sends digests. Whatever was begun goes on after the page was closed. Without this script the form below
// takes digests that another program computed.
import { openKept } from "../sealing/kept.js";
import { chosen, dropped, fileOf, inEntry, isPlainPath, soon } from "../sealing/listing.js";
import { aheadOf, asOffset, declaredOf, reported, stated } from "../sealing/origin.js";
import { packageOf } from "../sealing/package.js";
import { Panel, filled, number } from "../sealing/panel.js";
import { Refused, Server } from "../sealing/server.js";
import { Storing } from "../sealing/storing.js";
import { hashingWorker } from "../sealing/workers.js";

const MOST_RECORDS = 100; // of loose files each with its own; more are sealed together
const API = "/api/v1/evidence";
const LINES = "application/jsonl";

const titleOf = (name) => Array.from(name.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim()).slice(0, 120).join("") || "?";
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

class Sealing {
  constructor(root) {
    this.root = root;
    this.panel = new Panel(root);
    this.server = new Server(root, (line) => this.panel.tell("line", line));
    const keep = (work) => this.post("keep", { work });
    this.entries = new Map();
    this.storing = new Storing(root, this.panel, this.server, { keep, opened: openKept(), entries: this.entries });
    this.worker = hashingWorker(root.dataset.worker);
    this.worker.onmessage = ({ data }) => this[`on_${data.told.replace("-", "_")}`]?.(data);
    this.worker.onerror = () => this.panel.tell("state", "broken");
    this.work = null;
    this.summary = null;
    this.ahead = null; // seconds, once the clocks were compared
    this.wanted = null; // what was filled in, once registering was asked for
    this.isListing = false;
    this.listen();
    root.hidden = false;
    this.post("unfinished", { holder: root.dataset.holder });
  }

  post(what, more = {}) { this.worker.postMessage({ do: what, ...more }); }

  listen() {
    const on = (name, event, act) => this.panel.find(name).addEventListener(event, act);
    const zone = this.panel.find("drop");
    for (const kind of ["dragenter", "dragover"]) {
      addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("drop-over"); });
    }
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("drop-over"); });
    addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("drop-over");
      this.takeDrop(dropped(event.dataTransfer)).catch((error) => this.broken(error));
    });
    on("choose-files", "click", () => this.panel.find("files").click());
    // Not showDirectoryPicker: it leaves out, without a word, files whose names it takes for dangerous (.lnk, .url …).
    on("choose-folder", "click", () => this.panel.find("folder").click());
    on("files", "change", (event) => this.takeFiles([...event.target.files]));
    on("folder", "change", (event) => this.takeChosenFolder(event.target.files));
    on("pause", "click", () => this.pause());
    on("discard", "click", () => this.discard(this.work.id));
    on("again", "click", () => { this.hideProblems(); this.post("again"); });
    on("leave", "click", () => { this.hideProblems(); this.post("leave"); });
    for (const each of this.root.querySelectorAll("[name=store]")) {
      each.addEventListener("change", () => this.storing.choose(each.form).catch((error) => this.broken(error)));
    }
    on("store-again", "click", () => this.register(this.work));
    on("store-leave", "click", () => this.finish(this.work));
    on("form", "submit", (event) => { event.preventDefault(); this.confirm(event.target); });
    addEventListener("beforeunload", (event) => { if (this.isSending) event.preventDefault(); });
  }

  broken(error) { this.panel.tell("state", "broken", { reason: error?.message ?? String(error) }); }

  // --- what is to be sealed ------------------------------------------------------------------------------------------

  begin(kind, name, more = {}) {
    if (this.storing.isAsking) return; // what was registered is there again, to be sent
    const holder = this.root.dataset.holder;
    this.work = { id: `${holder}/${kind}/${name}`, holder, kind, name, key: newKey(), ...more };
    this.summary = this.wanted = null;
    this.post("begin", { work: this.work });
    this.open();
    this.panel.show("unfinished", false);
    this.hideProblems();
    this.panel.find("name").textContent = name;
    this.panel.find("title").value = titleOf(name);
    const isFolder = kind === "folder";
    this.panel.show("keeping", isFolder);
    this.panel.tell("kind", isFolder ? "folder" : more.loose > 1 ? "files" : "file", { count: number(more.loose ?? 0) });
    this.panel.show("titled", isFolder || more.loose === 1);
    this.panel.tell("state", "reading");
    this.setPaused(false);
    this.showReported().catch((error) => this.broken(error));
  }

  get selection() { return this.work.kind === "folder" ? "folder" : this.work.loose > 1 ? "files" : "file"; }

  /** What would be sealed with it is shown before anything is. */
  async showReported() {
    this.ahead = await aheadOf(this.root.dataset.worker);
    const told = reported(this.selection, this.ahead);
    for (const each of this.root.querySelectorAll("[data-reported]")) {
      const isOffset = each.dataset.reported === "utc_offset_minutes";
      const value = isOffset ? asOffset(told.utc_offset_minutes) : told[each.dataset.reported];
      each.parentElement.hidden = value === undefined;
      each.textContent = each.dataset.words ? filled(each.dataset.words, { value }) : each.dataset[value] ?? value;
    }
  }

  /** What is said of where it comes from: what was written, and what the browser reports, unless that was unticked. */
  originIn(form) {
    const names = Array.from(form.querySelectorAll("[data-stated]"), (each) => each.name);
    const isTold = form.elements.namedItem("report").checked;
    return { stated: stated(form, names), reported: isTold ? reported(this.selection, this.ahead) : {} };
  }

  /** A folder that was dropped earlier: the worker itself can walk it. */
  takeHandle(handle) {
    this.begin("folder", handle.name, { handle });
    this.post("walk", { handle });
  }

  /** The one thing on the page from now on. */
  open() {
    this.panel.show("drop", false);
    this.panel.show("panel");
    document.querySelector("[data-typed]").hidden = true;
  }

  takeFiles(files) {
    if (!files.length) return;
    const together = files.length > MOST_RECORDS;
    const name = files.length === 1 ? files[0].name : `${files[0].name} …`;
    this.begin(together ? "folder" : "files", name, { loose: files.length });
    this.list(chosen(files, false));
  }

  takeChosenFolder(files) {
    if (!files.length) { this.panel.tell("state", "empty"); return; }
    this.begin("folder", files[0].webkitRelativePath.split("/")[0]);
    this.list(chosen(files, true));
  }

  async takeDrop(items) {
    const folders = items.filter(({ entry }) => entry?.isDirectory);
    if (!folders.length) { this.takeFiles(items.map(({ file }) => file).filter(Boolean)); return; }
    if (items.length === 1) {
      const [{ entry, handle }] = items;
      this.begin("folder", entry.name, { canAsk: true });
      this.list(inEntry(entry, "", this.entries), handle);
      return;
    }
    this.begin("folder", `${folders[0].entry.name} …`, { canAsk: true });
    this.list(this.several(items));
  }

  /** Folders and files at once: what is in a folder keeps its name in front. */
  async* several(items) {
    for (const { entry, file } of items) {
      if (entry?.isDirectory) yield* inEntry(entry, `${entry.name}/`, this.entries);
      else if (file) yield [{ path: file.name, file }];
    }
  }

  /** @param handle: of the folder, by which it is found again on another day, if it shows all that is in it. */
  async list(batches, handle = null) {
    if (this.storing.isAsking) { await this.storing.offer(batches); return; }
    const mine = this.work;
    let isPlain = true;
    try {
      for await (const entries of batches) {
        if (this.work !== mine) return;
        isPlain &&= entries.every(({ path }) => isPlainPath(path));
        this.storing.take(entries);
        this.post("add", { entries });
      }
      this.post("listed", { handle: (isPlain && await soon(handle)) || undefined });
    } catch (error) {
      this.broken(error);
    }
  }

  // --- what the worker tells -----------------------------------------------------------------------------------------

  on_progress(told) { if (this.work) this.panel.progress(told); }

  on_problem({ path, why }) {
    const list = this.panel.find("problem-list");
    this.panel.show("problems");
    if (list.children.length >= 20) { this.panel.show("more-problems"); return; }
    const row = document.createElement("li");
    row.append(path, " — ", this.root.querySelector(`[data-why="${why}"]`)?.textContent ?? why);
    list.append(row);
  }

  hideProblems() {
    this.panel.show("problems", false);
    this.panel.show("more-problems", false);
    this.panel.find("problem-list").replaceChildren();
  }

  on_changed({ path }) { this.panel.tell("note", "changed", { path }); }

  async on_again({ path }) {
    const entry = this.entries.get(path);
    this.post("fresh", { file: entry ? await fileOf(entry) : null });
  }

  on_hashed(summary) {
    this.summary = summary;
    this.panel.allRead();
    this.panel.show("problems", summary.problems > 0);
    if (summary.problems) this.panel.tell("state", "problems", { count: number(summary.problems) });
    else if (!summary.leaves) this.panel.tell("state", "empty");
    else this.panel.tell("state", this.wanted ? "registering" : "hashed");
    this.panel.show("known", summary.skipped > 0);
    this.panel.say("known", { count: number(summary.skipped) });
    this.panel.show("pause", false);
    if (this.wanted) this.proceed();
  }

  on_failed({ reason }) {
    if (reason === "RangeError") this.panel.tell("state", "too-many");
    else this.broken(reason);
  }

  on_made({ work }) {
    this.work = { ...this.work, ...work, wanted: this.wanted };
    this.register(this.work);
  }

  pause() {
    const paused = this.panel.find("pause").getAttribute("aria-pressed") !== "true";
    this.setPaused(paused);
    if (!paused) this.panel.tell("state", "reading");
    this.post(paused ? "pause" : "go");
  }

  on_paused() { if (this.panel.find("pause").getAttribute("aria-pressed") === "true") this.panel.tell("state", "paused"); }

  setPaused(paused) {
    const button = this.panel.find("pause");
    button.hidden = false;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = button.dataset[paused ? "goOn" : "stop"];
  }

  // --- what was begun earlier ----------------------------------------------------------------------------------------

  on_unfinished({ works }) {
    const begun = works.find((work) => work.wanted && (work.made || work.files?.length));
    if (begun && !this.work) { this.resume(begun); return; }
    const list = this.panel.find("unfinished-list");
    list.replaceChildren(...works.map((work) => this.row(work)));
    this.panel.show("unfinished", works.length > 0 && !this.work);
  }

  row(work) {
    const row = this.panel.find("unfinished-row").content.cloneNode(true).firstElementChild;
    row.querySelector("[data-row-name]").textContent = work.name;
    const goOn = row.querySelector("[data-row-go]");
    goOn.hidden = !work.handle;
    row.querySelector("[data-row-drop]").hidden = Boolean(work.handle);
    goOn.addEventListener("click", async () => {
      if ((await work.handle.requestPermission({ mode: "read" })) === "granted") this.takeHandle(work.handle);
    });
    row.querySelector("[data-row-discard]").addEventListener("click", () => this.discard(work.id));
    return row;
  }

  /** Registering was under way when the page was closed. */
  resume(work) {
    this.work = work;
    this.wanted = work.wanted;
    this.open();
    this.panel.find("name").textContent = work.name;
    this.panel.show("pause", false);
    this.panel.show("bar", false);
    this.panel.show("count", false);
    this.panel.show("form", false);
    this.panel.tell("state", "registering");
    this.register(work);
  }

  discard(id) { this.post("forget", { id }); }

  on_forgotten() {
    if (this.afterwards) this.afterwards();
    else location.reload();
  }

  // --- registering ---------------------------------------------------------------------------------------------------

  confirm(form) {
    const value = (name) => form.elements.namedItem(name)?.value ?? "";
    const title = value("title").trim();
    this.panel.tell("wrong", title ? "" : "title");
    if (!title) { form.elements.namedItem("title").focus(); return; }
    const stored = this.storing.wanted(form);
    if (!stored) return;
    this.wanted = { title, note: value("note"), subject: value("subject"), keep: value("keep") || "here", ...stored, origin: this.originIn(form) };
    this.panel.find("register").disabled = true;
    if (this.summary) this.proceed();
    else this.panel.tell("note", "when-read");
  }

  proceed() {
    const isWhole = !this.summary.problems && this.summary.leaves > 0;
    if (!isWhole || (this.wanted.store !== "none" && !this.storing.fits(this.summary))) {
      this.panel.find("register").disabled = false;
      this.wanted = null;
      return;
    }
    this.panel.show("form", false);
    this.panel.tell("note", "");
    this.panel.tell("state", "registering");
    if (this.work.kind === "folder") { this.post("make", { declared: declaredOf(this.wanted.origin) }); return; }
    this.work = { ...this.work, handle: undefined, files: this.summary.files, wanted: this.wanted, at: 0 };
    this.register(this.work);
  }

  async register(work) {
    this.isSending = true;
    this.panel.show("discard", false);
    this.post("keep", { work });
    this.panel.show("unstored", false);
    try {
      if (!work.receipts) await (work.kind === "folder" ? this.registerFolder(work) : this.registerFiles(work));
      else await this.registered(work, work.receipts);
    } catch (error) {
      if (!(error instanceof Refused)) { this.broken(error); return; }
      if (work.receipts) { this.unstored(error); return; }
      this.panel.tell("state", "refused", { reason: error.message });
      this.panel.show("discard");
      this.panel.show("form");
      this.panel.find("register").disabled = false;
    } finally {
      this.isSending = false;
    }
  }

  async registerFiles(work) {
    const { title, note, subject, origin = {} } = work.wanted, several = work.files.length > 1, receipts = [];
    for (const [n, { path, sha256, sm3 }] of work.files.entries()) {
      const description = { title: titleOf(several ? path : title), note, subject };
      const body = { digest: { sha256, sm3 }, idempotency_key: `drop ${work.key} ${n}`, description };
      if (declaredOf(origin).origin) body.origin = { ...origin, reported: origin.reported?.by ? origin.reported : undefined };
      receipts.push(await this.server.ask("POST", API, JSON.stringify(body)));
      this.panel.say("sent", { done: number(n + 1), total: number(work.files.length) });
    }
    await this.registered(work, receipts.map(({ id }) => id));
  }

  /** The records are there, whatever comes now: a copy is sent if one is wanted. */
  async registered(work, ids) {
    work.receipts = ids;
    if ((work.wanted.store ?? "none") !== "none") {
      this.post("keep", { work });
      await this.storing.store(work);
    }
    this.finish(work);
  }

  unstored(error) {
    this.panel.tell("state", "not-stored", { reason: error.message });
    this.panel.show("unstored");
  }

  async registerFolder(work) {
    const { statement, sha256, sm3, manifest } = work.made;
    const description = { title: titleOf(work.wanted.title), note: work.wanted.note, subject: work.wanted.subject };
    const body = { statement: { sha256, sm3 }, idempotency_key: sha256, description };
    const receipt = await this.server.ask("POST", API, JSON.stringify(body));
    this.root.dataset.recorded = receipt.id;
    let why = work.wanted.keep === "here" ? "chosen" : manifest.size > Number(this.root.dataset.most) ? "large" : "";
    if (!why) {
      try {
        const lines = new Blob([statement, "\n", manifest]);
        await this.server.ask("PUT", `${API}/${receipt.id}/material`, lines, { type: LINES, seconds: 120 });
        why = "kept";
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        why = "refused";
        this.panel.tell("note", "not-kept", { reason: error.message });
      }
    }
    if (why !== "kept") await this.handOver(work, receipt, why);
    await this.registered(work, [receipt.id]);
  }

  /** The list is nowhere but here: the package is put together on this machine, and has to be saved. */
  async handOver(work, receipt, why) {
    while ((await this.server.ask("GET", `${API}/${receipt.id}`)).stage !== "published") await pause(700);
    const { members } = await this.server.ask("GET", `${API}/${receipt.id}/parts`);
    const { statement, manifest } = work.made;
    const link = this.panel.find("package");
    link.href = URL.createObjectURL(await packageOf(statement, manifest, members));
    link.download = `${work.name.replace(/ …$/, "")}.zonary`;
    this.panel.tell("state", "to-save");
    if (why === "large") this.panel.tell("note", "too-large");
    this.panel.show("save");
    await new Promise((resolve) => { this.panel.find("saved").onclick = resolve; });
    this.panel.show("save", false);
  }

  finish(work) {
    this.isSending = false;
    // Only once it is forgotten here: else the next visit would register it again, and be told the same.
    this.afterwards = () => {
      const { receipts } = work;
      if (receipts.length === 1) { location.assign(this.root.dataset.record.replace("RECORD", receipts[0])); return; }
      this.panel.tell("state", "done", { count: number(receipts.length) });
      this.panel.show("done");
    };
    this.post("forget", { id: work.id });
  }
}

for (const root of document.querySelectorAll("[data-sealing]")) {
  new Sealing(root);
  for (const typed of document.querySelectorAll("details[data-typed]")) typed.open = Boolean(typed.querySelector(".error-summary"));
}
