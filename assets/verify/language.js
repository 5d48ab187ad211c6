// What is said, in Chinese or English: the English is in the code, the Chinese in the one table the command has too.
import { CHINESE } from "zonary:words";
import { shown } from "./bytes.js";

/** `said` (`{msgid, params}`) in the language `into`; nouns inside it too. */
export function say(said, into) {
  const template = into === "zh" ? CHINESE[said.msgid] ?? said.msgid : said.msgid;
  return template.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(said.params, name) ? put(said.params[name], into) : all));
}

function put(value, into) {
  if (value !== null && typeof value === "object" && "msgid" in value) return say(value, into);
  return typeof value === "string" ? shown(value) : String(value);
}

/** An English sentence and what fills its places. */
export const words = (msgid, into, params = {}) => say({ msgid, params }, into);
