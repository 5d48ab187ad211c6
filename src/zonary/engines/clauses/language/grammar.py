"""The grammar of controlled Chinese: fixed words here and in the enumerations, names from a vocabulary.

LALR(1), so that no sentence has two parses; where the tree would leave a choice, only the wording that is printed is
read (docs/adr/0033). Everything is said once: print_chinese follows these rules line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from zonary.engines.clauses.expressions import Comparison, DayComparison, Duration, TimeUnit
from zonary.engines.clauses.language.numerals import WORDS
from zonary.engines.clauses.quantities import Period, YearWord
from zonary.engines.clauses.vocabulary import NUMERIC, Frame, Kind, Term

AND: Final = "，且"
OR: Final = "，或者"
THAT: Final = "的，"
OPEN, CLOSE = "（", "）"
NOT, END_NOT = "不满足“", "”"
AT_LEAST, ITEMS, NEXT_ITEM = "满足下列至少", "项：", "；"
INCLUDED, EXCLUDED = "（含）", "（不含）"
HOLDS: Final = {False: "持有有效的", True: "未持有有效的"}
LISTED: Final = {False: "被列入", True: "未被列入"}
HAPPENED: Final = {False: "发生过", True: "未发生"}
BELONGS: Final = {False: "属于", True: "不属于"}
SAID_PERIODS: Final = tuple(each for each in Period if each not in (Period.NONE, Period.SAME, Period.UNSAID))
JUDGED: Final = "经认定，"
CLAUSE: Final = ("符合条款〔", "〕")

_QUOTED: Final = re.compile('"([^"]+)"')
SENTENCES: Final = f"""
start: top
?top: _atom | every | some | at_least | if_then
_atom: leaf | negated
?item: _atom | "{OPEN}" (every | some | at_least | if_then) "{CLOSE}"
every: item ("{AND}" item)+
some: item ("{OR}" item)+
at_least: "{AT_LEAST}" count "{ITEMS}" entry ("{NEXT_ITEM}" entry)+
?entry: _atom | every | some | if_then_in_list | "{OPEN}" at_least "{CLOSE}"
if_then: item "{THAT}" (_atom | every | some | at_least | "{OPEN}" if_then "{CLOSE}")
if_then_in_list: item "{THAT}" (_atom | every | some | "{OPEN}" (at_least | if_then) "{CLOSE}")
negated: "{NOT}" top "{END_NOT}"

leaf: compare | range | share | per_unit | growth | elapsed | aged | compare_day | happened | flag
    | in_codes | listed | holds | judged | clause_ref

compare: quantity tail
range: quantity "在" edge "至" edge "之间"
edge: bound "{INCLUDED}" -> edge__true | bound "{EXCLUDED}" -> edge__false
share: quantity "占" whole "的比例" tail
per_unit: (part | _joined) "与" (part | _joined) "之比" tail
growth: reading "同比增长" tail

?quantity: part | together | sum | difference | scored
_joined: together | sum | difference | scored
?part: reading | gathered
reading: [period] NUMBER_NAME
gathered: span "累计" NUMBER_NAME -> gathered__cumulated | span NUMBER_NAME "总额" -> gathered__total
    | span "平均" NUMBER_NAME -> gathered__mean
together: span NUMBER_NAME "之和" -> gathered__together
sum: part ("、" part)* "与" part "之和"
difference: (part | together) "减去" (part | together) "的差额"
scored: "按" TABLE "计算的得分"

?whole: whole_part | whole_together | whole_sum | whole_difference | scored
?whole_part: part | "同期" NUMBER_NAME -> same | "同期" "累计" NUMBER_NAME -> same__cumulated
    | "同期" NUMBER_NAME "总额" -> same__total | "同期" "平均" NUMBER_NAME -> same__mean
?whole_together: together | "同期" NUMBER_NAME "之和" -> same__together
whole_sum: whole_part ("、" whole_part)* "与" whole_part "之和"
whole_difference: (whole_part | whole_together) "减去" (whole_part | whole_together) "的差额"

?bound: amount | PARAMETER -> parameter
amount: DECIMAL UNIT ["/" UNIT]
span: "近" count year_word
count: DIGITS -> in_digits | WORDS -> in_words

elapsed: "自" DATE_NAME "起" lasting
aged: "按" DATE_NAME "计算" aging
happened: "近" count time_unit "内" _event | "自" DAY "起" _event
_event: happening EVENT_NAME
flag: {{flags}}
in_codes: CODE_NAME belonging (LIST | CODE ("、" CODE)*)
listed: "{LISTED[True]}" LISTING_NAME ("、" LISTING_NAME)* -> listed__true
    | "{LISTED[False]}" LISTING_NAME (("、" LISTING_NAME)+ "之一")? -> listed__false
holds: "{HOLDS[False]}" CREDENTIAL_NAME -> holds__false | "{HOLDS[True]}" CREDENTIAL_NAME -> holds__true
compare_day: DATE_NAME day_comparison DAY
judged: "{JUDGED}" JUDGEMENT_NAME
clause_ref: "{CLAUSE[0]}" CLAUSE_ID "{CLAUSE[1]}"
"""
"""Without the rules that list wordings, which :func:`grammar` adds."""

TERMINALS: Final = {
    "DECIMAL": r"(?!-0(?:\.0+)?(?![0-9.]))-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?",
    "DIGITS": r"[1-9][0-9]{0,4}",
    "WORDS": WORDS,
    "DAY": r"(?:19|2[01])[0-9]{2}年(?:1[0-2]|[1-9])月(?:[12][0-9]|3[01]|[1-9])日",
    "CODE": r"[A-Za-z0-9]{1,20}",
    "CLAUSE_ID": r"[A-Za-z0-9._-]{1,60}",
}
NAMES: Final = (
    "NUMBER_NAME", "DATE_NAME", "EVENT_NAME", "IS_NAME", "HAS_NAME", "DONE_NAME", "CODE_NAME", "LISTING_NAME",
    "CREDENTIAL_NAME", "JUDGEMENT_NAME",
)  # fmt: skip


def terminal_of(term: Term) -> str:
    """Of which terminal its name is one."""
    if term.kind is Kind.FLAG:
        return f"{term.frame.name}_NAME"
    return "NUMBER_NAME" if term.kind in NUMERIC else f"{term.kind.name}_NAME"


def grammar(patterns: dict[str, str]) -> str:
    """The whole text for lark, with the patterns of a vocabulary's names, units, lists, tables and parameters."""
    numbered = {word: f"_WORD_{at}" for at, word in enumerate(fixed_words())}
    rules = _QUOTED.sub(lambda match: numbered[match[1]], _rules())
    words = [f'{name}: "{word}"' for word, name in numbered.items()]
    terminals = [f"{name}: /{pattern}/" for name, pattern in (TERMINALS | patterns).items()]
    return "\n".join([rules, *words, *terminals, ""])


def fixed_words() -> list[str]:
    """Every word that stands for itself, in a lasting order."""
    return sorted(set(_QUOTED.findall(_rules())))


@cache
def _rules() -> str:
    flags = " | ".join(
        f'"{word}" {frame.name}_NAME -> flag__{denied}'
        for frame in Frame
        for word, denied in ((frame.affirmed, "false"), (frame.denied, "true"))
    )
    wordings = [
        "tail: " + _around("tail", Comparison, "bound"),
        "lasting: " + _around("duration", Duration, "count time_unit"),
        "aging: " + _around("duration", Duration, 'count "周岁"'),
        "day_comparison: " + _words("day", ((each.name, each.word) for each in DayComparison)),
        "period: " + _words("period", ((each.name, each.value) for each in SAID_PERIODS)),
        "year_word: " + _words("years", ((each.name, each.value) for each in YearWord)),
        "time_unit: " + _words("time", ((each.name, each.value) for each in TimeUnit)),
        "happening: " + _words("denied", ((str(denied), word) for denied, word in HAPPENED.items())),
        "belonging: " + _words("denied", ((str(denied), word) for denied, word in BELONGS.items())),
    ]
    return "\n".join([SENTENCES.replace("{flags}", flags), *wordings])


def _words(kind: str, pairs: Iterable[tuple[str, str]]) -> str:
    """One alternative a wording, named after what it is a wording of and its member."""
    return " | ".join(f'"{word}" -> {kind}__{name.lower()}' for name, word in pairs)


def _around(kind: str, wordings: Iterable[Comparison] | Iterable[Duration], held: str) -> str:
    def word(text: str) -> str:
        return f'"{text}" ' if text else ""

    return " | ".join(
        f"{word(each.before)}{held} {word(each.behind)}-> {kind}__{each.name.lower()}" for each in wordings
    )
