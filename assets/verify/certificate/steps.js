// The commands attached to a certificate, exactly: from the table that zonary.proof.certificate.commands has.
import { utf8 } from "../bytes.js";
import { PACKAGE_TOKEN } from "../tokens.js";
import { STEPS } from "zonary:words";

export const NAME = "steps.sh";
const STATEMENT = "statement.json";

/** The commands for what follows from a package. */
export function scriptOf(facts) {
  const parts = STEPS.filter(({ when }) => stands(when, facts)).map((entry, n) => `# ${n + 1}. ${entry.chinese}\n# ${entry.english}\n${filled(entry, facts)}\n`);
  return utf8(parts.join("\n"));
}

function stands(when, facts) {
  return {
    always: true, whole: !facts.is_disclosure, disclosed: facts.is_disclosure,
    further: further(facts, false).length > 0, sm2: further(facts, true).length > 0, second: facts.has_second_tree,
  }[when];
}

const further = ({ stamps, plain_token: plain }, isSm2) => stamps.filter(({ member, is_sm2: is }) => member !== PACKAGE_TOKEN && member !== plain && is === isSm2);

function filled({ when, commands, first }, facts) {
  if (when !== "further" && when !== "sm2") return put(commands, placesOf(facts));
  const each = further(facts, when === "sm2").map((stamp) => put(commands, { NAME: stamp.member.slice("timestamps/".length, -".tst".length), SECONDS: secondsOf(stamp) }));
  return [...(first ? [first] : []), ...each].join("\n");
}

/** What is put in is not looked at again, whatever it looks like. */
const put = (commands, places) => commands.replace(/@([A-Z0-9_]+)@/g, (_, name) => places[name]);

function placesOf(facts) {
  const plain = facts.plain_token, isWhole = plain === `timestamp/${STATEMENT}.tsr`;
  const seconds = (member) => facts.stamps.filter((stamp) => stamp.member === member).map(secondsOf).at(-1) ?? "0"; // 0 where it could not be read
  return {
    LISTING: facts.is_disclosure ? "disclosure.json" : "manifest.jsonl", PACKAGE_SHA256: facts.sha256, PACKAGE_SM3: facts.sm3, STATEMENT_SHA256: facts.statement_sha256,
    PLAIN: plain, COVERED: isWhole ? STATEMENT : '"$FILE"', OF: isWhole ? "the registration record" : "the file",
    PLAIN_SECONDS: seconds(plain), PACKAGE_SECONDS: seconds(PACKAGE_TOKEN),
  };
}

const secondsOf = ({ time }) => String(Date.parse(time) / 1000);
