// What this browser keeps of work under way (IndexedDB): digests so far, the state of a large file's, and what is sealed
// but not yet registered. Nothing of it leaves the machine; it is forgotten when the work is done or discarded.
const NAME = "zonary-evidence";
const STORES = { work: "id", hashed: ["work", "path"], partial: "work" };

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** The stores, or one that forgets at once where the browser keeps nothing (private windows of some). */
export async function openKept() {
  try {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    return new Kept(await done(asked));
  } catch {
    return new Kept(null);
  }
}

const ofWork = (id) => IDBKeyRange.bound([id], [id, []]);

class Kept {
  #base;

  constructor(base) { this.#base = base; }

  async #in(names, mode, act) {
    if (!this.#base) return undefined;
    const transaction = this.#base.transaction(names, mode);
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const answer = await act(...names.map((name) => transaction.objectStore(name)));
    await finished;
    return answer;
  }

  /** Everything of `holder` that is not finished, the latest first. */
  async unfinished(holder) {
    const all = (await this.#in(["work"], "readonly", (work) => done(work.getAll()))) ?? [];
    return all.filter((each) => each.holder === holder).sort((one, other) => other.began - one.began);
  }

  find(id) { return this.#in(["work"], "readonly", (work) => done(work.get(id))); }

  put(work) { return this.#in(["work"], "readwrite", (store) => done(store.put(work))); }

  partial(id) { return this.#in(["partial"], "readonly", (partial) => done(partial.get(id))); }

  keepPartial(partial) { return this.#in(["partial"], "readwrite", (store) => done(store.put(partial))); }

  /** Path -> what was hashed. */
  async hashed(id) {
    const rows = (await this.#in(["hashed"], "readonly", (hashed) => done(hashed.getAll(ofWork(id))))) ?? [];
    return new Map(rows.map((row) => [row.path, row]));
  }

  keepHashed(id, rows) {
    if (!rows.length) return undefined;
    return this.#in(["hashed"], "readwrite", (store) => { for (const row of rows) store.put({ ...row, work: id }); });
  }

  forget(id) {
    return this.#in(Object.keys(STORES), "readwrite", (work, hashed, partial) => {
      work.delete(id);
      partial.delete(id);
      hashed.delete(ofWork(id));
    });
  }
}
