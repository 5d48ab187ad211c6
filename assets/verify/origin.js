// Where files came from, as their holder says (specs/origin.md), told apart by who says it; none of it was checked.
import { escaped } from "./bytes.js";
import { asText, numberOf } from "./canonical.js";
import { sentence } from "./errors.js";

const VERSION = "zonary-origin/1";
const MAX_REPOSITORIES = 8, MAX_SHOWN = 1000;

/** What a person can state, in the order of 人民法院在线诉讼规则 art. 18, and what it is called. */
const STATED = {
  source: sentence("Source"), generated_by: sentence("How it was generated"), machine: sentence("Machine it was made on"), custodian: sentence("Who kept it"),
  custody: sentence("How it was kept"), notarisation: sentence("Notarisation"), witness: sentence("Third-party witness"), corroboration: sentence("Corroborating data"),
};
/** What a program or a browser can report, beside git. */
const REPORTED = {
  program: sentence("Program that sealed it"), user_agent: sentence("Browser, as it names itself"), system: sentence("Operating system"),
  distribution: sentence("Distribution"), architecture: sentence("Processor"), clock: sentence("The machine’s clock"), time_zone: sentence("Time zone"),
  utc_offset_minutes: sentence("Offset from UTC"), clock_ahead_seconds: sentence("Clock against the server’s"), selection: sentence("What was chosen"),
  camera: sentence("Camera or microphone"), media_type: sentence("Kind of file"), way: sentence("How the file came to be"),
};
const SELECTIONS = { folder: sentence("a folder"), file: sentence("a single file"), files: sentence("several files") };
const WAYS = { recorded: sentence("recorded by the page itself"), chosen: sentence("chosen as a file"), program: sentence("sent by a program") };
const SCOPES = {
  whole: sentence("the whole work tree was sealed"), part: sentence("a part of the work tree was sealed"), commit: sentence("this commit itself was sealed"),
  repository: sentence("the repository itself was sealed, which has no work tree"),
};

const isMap = (value) => value instanceof Map;
const mapOf = (value) => (isMap(value) ? value : new Map());
const known = (table, value) => (typeof value === "string" && Object.hasOwn(table, value) ? table[value] : null);

function plain(value) {
  if (isMap(value)) return [...value].map(([key, item]) => `${key}: ${shown(item)}`).join(", ");
  return Array.isArray(value) ? value.map(shown).join(", ") : asText(value);
}

/** A value as text that can be shown anywhere. */
function shown(value) {
  const characters = Array.from(plain(value));
  const seen = characters.slice(0, MAX_SHOWN).map((c) => (c === "\n" ? " " : /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(c) ? escaped(c) : c)).join("");
  return characters.length <= MAX_SHOWN ? seen : `${seen}…`;
}

const fact = (label, ...texts) => ({ label, texts });

function unknown(inside, values, names) {
  return [...values].filter(([name]) => !names.includes(name)).map(([name, value]) => fact(shown(inside ? `${inside}.${name}` : name), shown(value)));
}

function listed(table, values, text) {
  return Object.entries(table).filter(([name]) => values.has(name)).map(([name, label]) => fact(label, text(name, values.get(name))));
}

function stated(declared, origin) {
  const said = mapOf(origin.get("stated"));
  return [
    ...listed(STATED, said, (_, value) => shown(value)), ...unknown("stated", said, Object.keys(STATED)),
    ...unknown("origin", origin, ["version", "stated", "reported"]), ...unknown("", declared, origin.size ? ["origin"] : []),
  ];
}

function reported(origin) {
  const told = mapOf(origin.get("reported")), git = told.get("git");
  const repositories = Array.isArray(git) ? git.slice(0, MAX_REPOSITORIES) : [];
  return [
    ...listed(REPORTED, told, textOf), ...repositories.map((each) => fact("Git", ...gitOf(mapOf(each)))),
    ...unknown("reported", told, [...Object.keys(REPORTED), "by", "git"]),
  ];
}

function textOf(name, value) {
  const number = numberOf(value), two = (part) => String(part).padStart(2, "0");
  if (name === "utc_offset_minutes" && number !== undefined) return `UTC${number < 0 ? "-" : "+"}${two(Math.floor(Math.abs(number) / 60))}:${two(Math.abs(number) % 60)}`;
  if (name === "clock_ahead_seconds" && number !== undefined) {
    if (number < 0) return sentence("{seconds} seconds behind, give or take two", { seconds: -number });
    return sentence("{seconds} seconds ahead, give or take two", { seconds: number });
  }
  return (name === "selection" && known(SELECTIONS, value)) || (name === "way" && known(WAYS, value)) || shown(value);
}

function gitOf(git) {
  const texts = [], [changed, untracked, count] = ["changed", "untracked", "submodules"].map((name) => numberOf(git.get(name)));
  if (git.has("commit")) texts.push(sentence("commit {id}", { id: shown(git.get("commit")) }));
  if (git.has("branch")) texts.push(sentence("branch {name}", { name: shown(git.get("branch")) }));
  if (git.has("tags")) texts.push(sentence("tag {name}", { name: shown(git.get("tags")) }));
  const scope = known(SCOPES, git.get("scope"));
  if (scope) texts.push(scope);
  if (git.get("clean") === true) texts.push(sentence("clean: the work tree was as committed"));
  else if (changed !== undefined && untracked !== undefined) texts.push(sentence("not clean: {changed} files changed, {untracked} not tracked", { changed, untracked }));
  if (count !== undefined) texts.push(sentence("{count} submodules, not looked into", { count }));
  if (git.get("unsteady") === true) texts.push(sentence("it changed while it was being sealed"));
  if (git.has("repository")) texts.push(sentence("from {address}", { address: shown(git.get("repository")) }));
  return texts;
}

/** A part for each who says something: `{title, facts: [{label, texts}]}`. */
export function originOf(declared, observed) {
  const found = mapOf(declared.get("origin")), origin = found.get("version") === VERSION ? found : new Map();
  const reporter = mapOf(origin.get("reported")).get("by") === "browser"
    ? sentence("Reported by the holder’s browser when it sealed: the holder’s word, too")
    : sentence("Reported by the sealing program on the holder’s machine: the holder’s word, too");
  return [
    { title: sentence("Said by the holder, checked by nobody"), facts: stated(declared, origin) },
    { title: reporter, facts: reported(origin) },
    { title: sentence("Said to have been observed by the service (the statement does not show who wrote this: ask the zone)"), facts: unknown("", observed, []) },
  ].filter(({ facts }) => facts.length);
}
