// What the page shows of a piece of work: words that wait in the page, filled with numbers and names.
const UNITS = ["B", "KB", "MB", "GB", "TB"];

export function size(bytes) {
  let value = bytes, unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) { value /= 1000; unit += 1; }
  return `${unit && value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

export const number = (value) => value.toLocaleString("en");

/** `words` with each `{name}` replaced. */
export const filled = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));

export class Panel {
  constructor(root) { this.root = root; }

  find(name) { return this.root.querySelector(`[data-${name}]`); }

  show(name, is = true) { this.find(name).hidden = !is; }

  /** Shows one sentence of a group and hides its others; none when `name` is empty. */
  tell(group, name, values = {}) {
    for (const each of this.root.querySelectorAll(`[data-${group}]`)) {
      const isIt = each.dataset[group] === name;
      each.hidden = !isIt;
      if (isIt && each.dataset.words) each.textContent = filled(each.dataset.words, values);
    }
  }

  say(name, values) {
    const place = this.find(name);
    place.textContent = filled(place.dataset.words, values);
  }

  /** What is read in an instant may be read before it was known how much there is. */
  allRead() {
    const bar = this.find("bar");
    bar.max = 1;
    bar.value = 1;
  }

  progress({ files, bytes, listedFiles, listedBytes, isListed }) {
    const bar = this.find("bar");
    const share = listedBytes ? bytes / listedBytes : Number(isListed);
    if (isListed) { bar.max = 1; bar.value = share; } else bar.removeAttribute("value");
    this.say("count", { done: number(files), total: number(listedFiles), read: size(bytes), size: size(listedBytes) });
  }
}
