// SHA-256 and SM3 of the same bytes, in one pass: by WebAssembly where the browser has it, else in JavaScript.
import { sha256 } from "@noble/hashes/sha2";
import { createSHA256, createSM3 } from "hash-wasm";
import { sm3 } from "sm-crypto-v2";

/** What a browser without WebAssembly takes: it holds a file in memory whole, since its SM3 is hashed in one go. */
export const MOST_IN_MEMORY = 128 * 1024 * 1024;

const TOGETHER = 256 * 1024;
const HANDED_OVER = 3; // pieces that wait in the worker beside

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));

/** `begin()`, or `begin(1)` for SHA-256 alone, `add(bytes)`, `end()` gives both digests as bytes; `one(which, bytes)` is SHA-256 for 0, SM3 for 1;
 * `most`: bytes of the largest file. A state that was saved is loaded in another worker, on another day; without
 * WebAssembly there is none. */
export async function pairOfHashes() {
  let both;
  try {
    both = [await createSHA256(), await createSM3()];
  } catch {
    return inMemory();
  }
  let wanted = both;
  return {
    most: Number.MAX_SAFE_INTEGER,
    begin(count = 2) { wanted = both.slice(0, count); for (const each of wanted) each.init(); },
    add(bytes) { // both take what the processor still has at hand
      for (let at = 0; at < bytes.length; at += TOGETHER) {
        for (const each of wanted) each.update(bytes.subarray(at, at + TOGETHER));
      }
    },
    end: () => both.map((each) => (wanted.includes(each) ? each.digest("binary") : new Uint8Array())),
    one: (which, bytes) => both[which].init().update(bytes).digest("binary"),
    save: () => wanted.map((each) => each.save()),
    load(states) { wanted.forEach((each, n) => each.load(states[n])); },
  };
}

function inMemory() {
  let parts = [];
  return {
    most: MOST_IN_MEMORY,
    begin() { parts = []; },
    add(bytes) { parts.push(bytes.slice()); },
    end() {
      const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
      parts = [];
      return [sha256(whole), unhex(sm3(whole))];
    },
    one: (which, bytes) => (which ? unhex(sm3(bytes)) : sha256(bytes)),
    save: () => null,
    load() { throw new Error("nothing was saved"); },
  };
}

/** The worker beside has failed; what it was given is to be read again. */
export class LostError extends Error {}

/** SM3 in a worker beside this one: on two cores both digests take as long as the slower of them. */
export class Beside {
  #port;
  #under = 0;
  #wake = () => {};
  #asked = [];
  #isLost = false;

  /** @param ready: called once that worker can hash; where it cannot, never. */
  constructor(port, ready) {
    this.#port = port;
    port.onmessage = ({ data: { told, answer } }) => {
      if (told === "ready") ready(this);
      else if (told === "answer") this.#asked.shift()?.resolve(answer);
      else { this.#under -= 1; this.#wake(); }
    };
  }

  /** It answers no more: whoever waits for it, or asks it from now on, gets a LostError. */
  lose() {
    this.#isLost = true;
    for (const { reject } of this.#asked.splice(0)) reject(new LostError());
    this.#wake();
  }

  /** From the beginning, or from `state`; whether that could be taken up. */
  begin(state) { return this.#ask("begin", { state }); }

  /** Hands `buffer` over, which is empty here afterwards; waits while much is under way. */
  async add(buffer) {
    this.#under += 1;
    if (!this.#isLost) this.#port.postMessage({ do: "add", buffer }, [buffer]);
    while (!this.#isLost && this.#under > HANDED_OVER) await new Promise((resolve) => { this.#wake = resolve; });
    if (this.#isLost) throw new LostError();
  }

  save() { return this.#ask("save"); }

  end() { return this.#ask("end"); }

  #ask(what, more = {}) {
    if (this.#isLost) return Promise.reject(new LostError());
    this.#port.postMessage({ do: what, ...more });
    return new Promise((resolve, reject) => { this.#asked.push({ resolve, reject }); });
  }
}

/** The other end: what the worker beside does. */
export async function serve(port) {
  const hash = await createSM3();
  const acts = {
    begin({ state }) {
      let answer = true;
      try { hash.init(); if (state) hash.load(state); } catch { answer = false; hash.init(); } // of another release
      port.postMessage({ told: "answer", answer });
    },
    add({ buffer }) { hash.update(new Uint8Array(buffer)); port.postMessage({ told: "added" }); },
    save() { port.postMessage({ told: "answer", answer: hash.save() }); },
    end() { port.postMessage({ told: "answer", answer: hash.digest("binary") }); },
  };
  port.onmessage = ({ data }) => acts[data.do](data);
  port.postMessage({ told: "ready" });
}
