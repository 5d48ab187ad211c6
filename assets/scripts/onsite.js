// A photograph, film or sound recording made on the spot: recorded here or chosen, hashed by the worker, its digests
// sealed while the code is good, and the file kept where its maker wants. Nothing is sent before it is sealed.
import * as tus from "tus-js-client";
import { Panel } from "../sealing/panel.js";
import { Refused, Server } from "../sealing/server.js";

const TYPES = {
  video: ["video/webm;codecs=vp9,opus", "video/webm", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4"],
};
const ENDINGS = { "image/jpeg": "jpg", "video/webm": "webm", "video/mp4": "mp4", "audio/webm": "weba", "audio/mp4": "m4a" };
const KINDS = { photo: "image/", video: "video/", audio: "audio/" };
const WANTED = {
  photo: { video: { facingMode: "environment", width: { ideal: 2560 } } },
  video: { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: true },
  audio: { audio: true },
};
const BITS = 2_500_000;
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "busy", AbortError: "busy" };
const two = (number) => String(number).padStart(2, "0");

class Onsite {
  constructor(root) {
    this.root = root;
    this.panel = new Panel(root);
    this.medium = root.dataset.medium;
    this.form = this.panel.find("form");
    this.most = Number(root.dataset.most);
    this.server = new Server(root, (line) => this.panel.tell("line", line));
    this.until = performance.now() + 1000 * Number(root.dataset.seconds);
    this.stream = null;
    this.file = null;
    this.isSealed = false;
    this.isBusy = false;
  }

  begin() {
    const on = (name, act) => this.panel.find(name).addEventListener("click", () => act().catch((error) => this.broke(error)));
    on("open", () => this.open());
    on("begin", () => (this.medium === "photo" ? this.shoot() : this.record()));
    on("end", async () => this.recorder?.stop());
    on("again", () => this.open());
    on("choose", async () => this.panel.find("file").click());
    on("save", async () => { this.isSaved = true; });
    this.panel.find("file").addEventListener("change", (event) => this.choose(event.target));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      delete this.form.dataset.sent;
      this.seal().catch((error) => this.broke(error));
    });
    addEventListener("beforeunload", (event) => {
      if (this.file && !this.isSaved && !this.isDone) event.preventDefault();
    });
    this.panel.show("without-script", false);
    this.panel.show("controls");
    if (!this.canRecord()) { this.panel.show("open", false); this.panel.tell("state", "no-camera"); }
    this.tick();
    this.timer = setInterval(() => this.tick(), 500);
  }

  canRecord() {
    return Boolean(navigator.mediaDevices?.getUserMedia) && (this.medium === "photo" || typeof MediaRecorder === "function");
  }

  /** How long the code is good, by how long this page has been open: the device's clock may be wrong. */
  tick() {
    if (this.isSealed) return;
    const left = Math.max(0, Math.ceil((this.until - performance.now()) / 1000));
    this.panel.say("left", { minutes: Math.floor(left / 60), seconds: two(left % 60) });
    if (left || this.isBusy) return; // what is on its way the server decides
    clearInterval(this.timer);
    this.recorder?.stop();
    this.close();
    this.isOver = true;
    for (const name of ["controls", "form", "clock", "card"]) this.panel.show(name, false);
    this.panel.show("another");
    this.panel.tell("state", "expired");
  }

  async open() {
    this.close();
    this.forget();
    this.panel.tell("state", "asking");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WANTED[this.medium]);
    } catch (error) {
      this.panel.tell("state", REASONS[error.name] ?? "no-camera");
      return;
    }
    const [track] = this.stream.getTracks();
    this.camera = this.stream.getTracks().map((each) => each.label).filter(Boolean).join("; ");
    track.addEventListener("ended", () => { if (this.recorder?.state === "recording") { this.wasCut = true; this.recorder.stop(); } });
    if (this.medium !== "audio") {
      const live = this.panel.find("live");
      live.srcObject = this.stream;
      live.hidden = false;
      await live.play();
    }
    this.panel.tell("state", "ready");
    this.buttons("begin");
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    const live = this.panel.find("live");
    live.srcObject = null;
    live.hidden = true;
  }

  buttons(...shown) {
    for (const name of ["open", "begin", "end", "again"]) this.panel.show(name, shown.includes(name));
    this.panel.show("choose", !shown.includes("end"));
  }

  async shoot() {
    const live = this.panel.find("live"), shot = this.panel.find("shot");
    shot.width = live.videoWidth;
    shot.height = live.videoHeight;
    shot.getContext("2d").drawImage(live, 0, 0);
    const blob = await new Promise((resolve) => { shot.toBlob(resolve, "image/jpeg", 0.92); });
    this.close();
    if (blob) this.take(blob, "recorded", "taken"); else this.panel.tell("state", "empty");
  }

  async record() {
    const mimeType = TYPES[this.medium].find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(this.stream, { mimeType, videoBitsPerSecond: BITS });
    const parts = [];
    let bytes = 0, why = "taken";
    const began = performance.now();
    const clock = setInterval(() => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      this.panel.find("time").textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
      if (seconds >= Number(this.root.dataset.longest) && recorder.state === "recording") { why = "longest"; recorder.stop(); }
    }, 250);
    recorder.ondataavailable = ({ data }) => {
      parts.push(data);
      bytes += data.size;
      if (bytes > 0.95 * this.most && recorder.state === "recording") { why = "longest"; recorder.stop(); }
    };
    recorder.onstop = () => {
      clearInterval(clock);
      this.panel.show("clock", false);
      this.close();
      this.recorder = null;
      this.take(new Blob(parts, { type: recorder.mimeType }), "recorded", this.wasCut ? "cut" : why);
      this.wasCut = false;
    };
    this.recorder = recorder;
    recorder.start(1000);
    this.panel.find("time").textContent = "0:00";
    this.panel.show("clock");
    this.panel.tell("state", "recording");
    this.buttons("end");
  }

  choose(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    this.close();
    this.forget();
    this.camera = "";
    if (file.type && !file.type.startsWith(KINDS[this.medium])) this.panel.tell("state", "wrong-kind");
    else this.take(file, "chosen", "taken");
  }

  /** Something was made: it is shown, may be saved, and may be sealed. */
  take(blob, way, state) {
    this.buttons(...(this.canRecord() ? ["again"] : []));
    if (!blob.size) { this.panel.tell("state", "empty"); return; }
    if (blob.size > this.most) { this.panel.tell("state", "too-large", { megabytes: Math.floor(this.most / 1024 ** 2) }); return; }
    const type = blob.type.split(";")[0];
    const name = blob.name ?? `${this.medium}-${this.root.dataset.id}.${ENDINGS[type] ?? "bin"}`;
    this.file = blob.name ? blob : new File([blob], name, { type: blob.type });
    Object.assign(this, { way, clock: new Date().toISOString(), isSaved: false });
    this.address = URL.createObjectURL(this.file);
    const save = this.panel.find("save");
    Object.assign(save, { href: this.address, download: name, hidden: false });
    this.preview();
    if (this.isOver) return;
    this.panel.show("form");
    this.panel.tell("state", state);
  }

  preview() {
    if (this.medium === "photo") {
      if (this.way === "chosen") this.draw();
      else this.panel.show("shot");
      return;
    }
    const shown = this.panel.find(this.medium === "video" ? "film" : "sound");
    shown.src = this.address;
    shown.hidden = false;
  }

  /** A chosen photograph, made small enough to be looked at; one this browser cannot show is sealed all the same. */
  async draw() {
    const drawn = await createImageBitmap(this.file).catch(() => null);
    if (!drawn) return;
    const shot = this.panel.find("shot"), scale = Math.min(1, 1600 / drawn.width);
    shot.width = drawn.width * scale;
    shot.height = drawn.height * scale;
    shot.getContext("2d").drawImage(drawn, 0, 0, shot.width, shot.height);
    shot.hidden = false;
  }

  forget() {
    this.file = null;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = "";
    for (const name of ["film", "sound"]) { this.panel.find(name).removeAttribute("src"); this.panel.show(name, false); }
    for (const name of ["shot", "form", "save", "reading"]) this.panel.show(name, false);
  }

  async seal() {
    if (!this.file || this.isBusy) return;
    this.isBusy = true;
    for (const name of ["form", "controls"]) this.panel.show(name, false);
    this.panel.tell("state", "hashing");
    const digests = await this.hash().catch(() => null);
    if (!digests) { this.again("empty"); return; }
    this.panel.tell("state", "sealing");
    const { way, clock, file } = this;
    const told = { way, clock, camera: (this.camera ?? "").slice(0, 300), media_type: file.type.slice(0, 300) };
    let sealed;
    try {
      sealed = await this.server.ask("POST", this.root.dataset.address, JSON.stringify({ ...digests, ...told }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.again("not-sealed", { reason: error.message });
      this.panel.show("another");
      return;
    }
    this.isSealed = true;
    clearInterval(this.timer);
    this.panel.show("card", false);
    if (this.form.elements.namedItem("keep").value === "server") this.deposit(sealed.evidence);
    else this.finish("sealed");
  }

  again(state, values) {
    this.isBusy = false;
    for (const name of ["form", "controls"]) this.panel.show(name);
    this.panel.show("reading", false);
    this.panel.tell("state", state, values);
  }

  /** Both digests, by the worker that reads files and reaches no address. */
  hash() {
    const worker = new Worker(this.root.dataset.worker, { type: "module" });
    const id = `onsite-${crypto.randomUUID()}`;
    const bar = this.panel.find("bar");
    this.panel.show("reading");
    return new Promise((resolve, reject) => {
      let found = null;
      const told = {
        progress({ bytes, listedBytes }) { if (listedBytes) { bar.max = listedBytes; bar.value = bytes; } },
        problem: reject,
        failed: reject,
        hashed({ files }) {
          if (!files.length) return;
          found = { sha256: files[0].sha256, sm3: files[0].sm3 };
          worker.postMessage({ do: "forget", id });
        },
        forgotten() { resolve(found); },
      };
      worker.onmessage = ({ data }) => told[data.told]?.(data);
      worker.onerror = reject;
      worker.postMessage({ do: "begin", work: { id, holder: "", kind: "files", name: this.file.name, key: "" } });
      worker.postMessage({ do: "add", entries: [{ path: this.file.name, file: this.file }] });
      worker.postMessage({ do: "listed" });
    }).finally(() => worker.terminate());
  }

  /** Sends the file, and says that the document is a copy of what was registered. */
  deposit(evidence) {
    this.panel.tell("state", "deposit");
    const bar = this.panel.find("bar");
    bar.max = this.file.size;
    bar.value = 0;
    const reason = (error) => {
      try { return JSON.parse(error.originalResponse.getBody()).detail; } catch { return ""; }
    };
    let document = "", version = 1;
    new tus.Upload(this.file, {
      endpoint: this.root.dataset.uploads,
      headers: { "X-CSRFToken": this.server.token },
      metadata: { filename: this.file.name, title: this.root.dataset.title, kind: "evidence" },
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      storeFingerprintForResuming: false,
      onAfterResponse: (_request, response) => {
        document = response.getHeader("Zonary-Document") ?? document;
        version = Number(response.getHeader("Zonary-Version") ?? version);
      },
      onProgress: (sent) => { bar.value = sent; },
      onError: (error) => this.finish("not-kept", { reason: reason(error) }),
      onSuccess: async () => {
        this.isDone = true;
        // Refused it is found by its digest all the same.
        await this.server.ask("POST", `/api/v1/evidence/${evidence}/copies`, JSON.stringify({ document, version })).catch(() => {});
        location.assign(this.root.dataset.page);
      },
    }).start();
  }

  finish(state, values) {
    this.panel.show("reading", false);
    for (const name of ["save", "done"]) this.panel.show(name);
    this.panel.tell("state", state, values);
  }

  broke(error) {
    this.isBusy = false;
    this.panel.tell("state", "broken", { reason: error?.message ?? String(error) });
  }
}

for (const root of document.querySelectorAll("[data-onsite]")) new Onsite(root).begin();
