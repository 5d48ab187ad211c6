// What was dropped or chosen, as batches of `{path, file}` and, for empty folders, `{path, folder: true}`.
const BATCH = 100;

const asPromise = (start) => new Promise((resolve, reject) => start(resolve, reject));
/** Lets the page draw and answer between two batches. */
export const breathe = () => new Promise((resolve) => { setTimeout(resolve); });

const SOON = 2000; // milliseconds

/** A handle, or nothing where the browser still asks somebody about the folder: all of it was listed without it. */
export const soon = (handle) => Promise.race([handle, new Promise((resolve) => { setTimeout(resolve, SOON, null); })]);

/** What lies in a drop; to be called while its event runs, for afterwards it is empty. A handle can be kept for another
 * day, an entry cannot; not every browser has the first, and it is refused for some folders. */
export function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items.map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
    handle: Promise.resolve(item.getAsFileSystemHandle?.()).catch(() => null),
  }));
}

/** Whether a folder's handle shows what is called so: files with names taken for dangerous it leaves out. */
export const isPlainPath = (path) => path.split("/").every(
  (part) => /^[\p{L}\p{N}._()+,=@#-][\p{L}\p{N} ._()+,=@#-]*$/u.test(part) && !/[. ]$|\.(lnk|local|scf|url)$/i.test(part),
);

/** Everything below a folder's entry. `entries` is told which entry each path came from. */
export async function* inEntry(folder, prefix, entries) {
  const folders = [[folder, prefix]];
  while (folders.length) {
    const [top, before] = folders.pop();
    const reader = top.createReader();
    let isEmpty = true;
    for (;;) {
      const batch = await asPromise((good, bad) => reader.readEntries(good, bad));
      if (!batch.length) break;
      isEmpty = false;
      for (const each of batch) if (each.isDirectory) folders.push([each, `${before}${each.name}/`]);
      yield await Promise.all(batch.filter((each) => each.isFile).map(async (each) => {
        const path = before + each.name;
        entries.set(path, each);
        return { path, file: await fileOf(each) };
      }));
    }
    if (isEmpty && before) yield [{ path: before.slice(0, -1), folder: true }];
  }
}

/** The file as it is now; one that cannot be had is told by whoever reads it. */
export const fileOf = (entry) => asPromise((good, bad) => entry.file(good, bad)).catch(() => null);

/** Files of a chooser. `strip`: without the name of the folder that was chosen. */
export async function* chosen(files, strip) {
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = [];
    for (let n = start; n < Math.min(start + BATCH, files.length); n += 1) {
      const path = files[n].webkitRelativePath || files[n].name;
      batch.push({ path: strip ? path.slice(path.indexOf("/") + 1) : path, file: files[n] });
    }
    yield batch;
    await breathe();
  }
}
