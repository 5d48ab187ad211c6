"""Sentences made of the terms and numbers that stand in a passage of a document, for an official to look at.

A proposal is no reading: what the passage says is for people to judge. Terms and figures of it stand in the passage, a
figure with the term before it and nothing between them; one whose direction is not said (以上, 不超过, …) gives none.
Where no year is said it is 上年度, the last complete one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.language.compiled import Language
from zonary.engines.clauses.language.nearest import nearest_to
from zonary.engines.clauses.language.numerals import FIGURE, figure
from zonary.engines.clauses.language.reading import read
from zonary.engines.clauses.vocabulary import NUMERIC, Kind, Term

MAX_PROPOSED: Final = 3
MAX_PASSAGE: Final = 600
"""Characters that are looked at."""
_TRIED: Final = 40
_NAMED: Final = 6
"""Terms of a passage."""
_LIKENESS: Final = 0.55
"""Share of a name's pairs of characters that stand in the passage, outside of names that stand there whole."""

_AT_LEAST, _MORE, _AT_MOST, _LESS = "不低于", "超过", "不超过", "低于"
_BEFORE: Final = {
    _AT_LEAST: "不低于|不少于|不小于|不得低于|应不低于|达到|至少|已满|满|达|≥|>=",
    _AT_MOST: "不超过|不高于|不大于|不得超过|至多|≤|<=",
    _MORE: "超过|高于|大于|＞|>",
    _LESS: "低于|少于|小于|不足|未满|不满|＜|<",
}
_BEHIND: Final = {_AT_LEAST: "以上|及以上", _AT_MOST: "以下|以内|及以下|之内"}
_WORDED: Final = "[一二两三四五六七八九十百千零]{1,8}"
_COMPARED: Final = re.compile(
    "(?P<before>" + "|".join(f"(?P<b{at}>{each})" for at, each in enumerate(_BEFORE.values())) + ")?"
    rf"(?P<number>[0-9]+(?:\.[0-9]+)?|{_WORDED})(?P<unit>[^0-9\s，。；、（）()以及的]{{1,6}}?)"
    r"(?P<included>[（(]含(?:本数)?[）)])?"
    "(?P<behind>" + "|".join(f"(?P<h{at}>{each})" for at, each in enumerate(_BEHIND.values())) + ")?"
    r"(?=$|[，。；、（）()以及的时者企])"
)
_TIMES: Final = {"年": "年", "个年": "年", "周年": "年", "个月": "个月", "月": "个月", "日": "日", "天": "日"}
_SPAN: Final = re.compile(rf"(?:近|最近|前|过去)({_WORDED}|[0-9]+)(个会计年度|个年度|年)")
_DENIED: Final = re.compile("未|无|没有|不得|不是|不属于|非")
_CODES: Final = re.compile(r"(?<![A-Za-z0-9])[A-T][0-9]{2,4}(?![0-9])")
_LAST_YEAR: Final = ("上一年度", "上年度", "最近一年", "本年度", "当年")
_CONSEQUENCE: Final = re.compile(r"的(?:企业|单位)?，")


@dataclass(frozen=True, slots=True)
class _Held:
    """A figure in the passage and what is held against it."""

    at: int
    comparison: str
    number: str
    worded: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Named:
    term: Term
    at: int


def proposals(passage: str, language: Language) -> tuple[str, ...]:
    """Sentences that are read, the nearest to the passage first; none where nothing in it can be named."""
    text = _plain(passage)[:MAX_PASSAGE]
    found: dict[str, None] = {}
    near = nearest_to(text, language)
    for each in islice(([near] if near else []) + list(_whole(text, language)), _TRIED):
        if each not in found and _is_read(each, language):
            found[each] = None
        if len(found) == MAX_PROPOSED:
            break
    return tuple(found)


def _plain(text: str) -> str:
    """Without blanks, and figures in ASCII."""
    narrow = (
        unicodedata.normalize("NFKC", each) if each in "％．＞＜" or "０" <= each <= "９" else each for each in text
    )
    return re.sub(r"\s+", "", "".join(narrow)).replace(",", "，").replace(";", "；").rstrip("。；，、")


def _whole(text: str, language: Language) -> Iterator[str]:
    """Of one whose consequence has a premise both together, then what the parts say."""
    parted = _CONSEQUENCE.split(text, maxsplit=1)
    if len(parted) == 2:
        premise, consequence = (list(islice(_simple(each, language), 8)) for each in parted)
        for one in premise[:2]:
            for other in consequence[:2]:
                yield f"{one}的，{other}"
        yield from consequence
    yield from _simple(text, language)


def _simple(text: str, language: Language) -> Iterator[str]:
    named, held = _named_in(text, language), _held_in(text)
    tried = islice(_each(text, named, held, language), _TRIED)
    together = [each for each in tried if _is_read(each, language)]
    apart = list(dict.fromkeys(together))
    if len(apart) > 1 and len({each.term.kind for each in named}) == 1 and named[0].term.kind is Kind.EVENT:
        yield "，且".join(apart)
    yield from apart


def _each(text: str, named: list[_Named], held: list[_Held], language: Language) -> Iterator[str]:
    yield from _scores(text, held, language)
    yield from _shares(text, named, held)
    listed = [each.term.chinese for each in named if each.term.kind is Kind.LISTING]
    if listed:
        yield f"{'未被列入' if _DENIED.search(text) else '被列入'}{'、'.join(listed)}"
    for each in named:
        yield from _of_one(text, each, held)


def _of_one(text: str, named: _Named, held: list[_Held]) -> Iterator[str]:
    term = named.term
    is_denied = bool(_DENIED.search(text))
    if term.kind in NUMERIC:
        for each in (one for one in held if _is_of(text, named, one)):
            for figure_said in _readings(text, term):
                yield f"{figure_said}{each.comparison}{each.number}{each.unit}"
    elif term.kind is Kind.DATE:
        for each in held:
            if each.unit in _TIMES:
                lasting = {_AT_LEAST: "已满{}", _MORE: "超过{}", _AT_MOST: "不超过{}", _LESS: "未满{}"}[each.comparison]
                yield f"自{term.chinese}起" + lasting.format(f"{each.worded.replace('二', '两')}{_TIMES[each.unit]}")
    elif term.kind is Kind.EVENT:
        for number, unit in _stretches(text):
            yield f"近{number}{unit}内{'未发生' if is_denied else '发生过'}{term.chinese}"
    elif term.kind is Kind.FLAG:
        yield f"{term.frame.denied if is_denied else term.frame.affirmed}{term.chinese}"
    elif term.kind is Kind.CREDENTIAL:
        yield f"{'未持有有效的' if is_denied else '持有有效的'}{term.chinese}"
    elif term.kind is Kind.JUDGEMENT:
        yield f"经认定，{term.chinese}"
    elif term.kind is Kind.CODE:
        codes = "、".join(dict.fromkeys(_CODES.findall(text)))
        if codes:
            yield f"{term.chinese}{'不属于' if is_denied else '属于'}{codes}"


def _is_of(text: str, named: _Named, held: _Held) -> bool:
    """Whether a figure is said of a term: behind it, with no mark between them."""
    return named.at < held.at and not re.search("[，；。、]", text[named.at : held.at])


def _readings(text: str, term: Term) -> Iterator[str]:
    if not term.annual:
        yield term.chinese
        return
    span = _span_in(text)
    if span:
        wordings = [f"{span}{term.chinese}总额", f"{span}累计{term.chinese}", f"{span}平均{term.chinese}"]
        yield from reversed(wordings) if re.search("平均|年均|均值", text) else wordings
    # 最近一年 is how a year may be said in the passage; where none is, the last complete one is what is known.
    yield next((each for each in _LAST_YEAR if each in text), "上年度") + term.chinese


def _shares(text: str, named: list[_Named], held: list[_Held]) -> Iterator[str]:
    """A占B的比例, of the name before 占 (or in front) and the first behind it."""
    per_cent = [each for each in held if each.unit == "%"]
    figures = [each for each in sorted(named, key=lambda one: one.at) if each.term.kind in NUMERIC]
    if not per_cent or not figures:
        return
    cut = text.find("占") if "占" in text else text.find("与")
    parts = [each.term for each in figures if cut < 0 or each.at < cut] or [figures[0].term]
    wholes = [each.term for each in figures if cut >= 0 and each.at > cut] or [each.term for each in figures[1:]]
    span = _span_in(text)
    for part in parts:
        for whole in wholes:
            if part.dimension != whole.dimension or part == whole:
                continue
            for each in per_cent:
                bound = f"的比例{each.comparison}{each.number}%"
                if span and part.annual and whole.annual:
                    yield f"{span}{part.chinese}总额占同期{whole.chinese}总额{bound}"
                for said in _readings(text, part):
                    yield f"{said}占{whole.chinese}{bound}"
    if "增长" in text:
        yield from (f"{said}同比增长{each.comparison}{each.number}%" for term in parts
                    for said in _readings(text, term) for each in per_cent)  # fmt: skip


def _scores(text: str, held: list[_Held], language: Language) -> Iterator[str]:
    if "分" not in text:
        return
    for table, dimension in language.vocabulary.tables.items():
        for each in held:
            if each.unit.startswith(dimension):
                yield f"按《{table}》计算的得分{each.comparison}{each.number}{dimension}"


# --- what stands in the passage ---------------------------------------------------------------------------------------


def _named_in(text: str, language: Language) -> list[_Named]:
    """Terms whose names stand there, or nearly; of names inside each other the longest; the nearest first."""
    found: list[tuple[float, int, _Named]] = []
    whole = sorted((each.chinese for each in language.vocabulary.terms if each.chinese in text), key=len, reverse=True)
    rest = text
    for name in whole:
        rest = rest.replace(name, "□" * len(name))
    for term in language.vocabulary.terms:
        at, likeness = (text.find(term.chinese), 1.0) if term.chinese in whole else _likeness(rest, term)
        if likeness >= _LIKENESS:
            found.append((-likeness, -len(term.chinese), _Named(term, at)))
    found.sort(key=lambda each: each[:2])
    kept: list[_Named] = []
    for *_order, each in found:
        name = each.term.chinese
        if not any(name in one.term.chinese and one.at <= each.at < one.at + len(one.term.chinese) for one in kept):
            kept.append(each)
    return sorted(kept[:_NAMED], key=lambda each: each.at)


def _likeness(text: str, term: Term) -> tuple[int, float]:
    """Where, and how much of a name that does not stand there whole. 成立日期 is there where 成立 is."""
    name = term.chinese
    if term.kind is Kind.DATE:
        stem = re.sub("的?(?:起始|开始|首次)?(?:日期|时间|之日)$", "", name)
        return (text.find(stem), 0.9) if len(stem) > 1 and stem in text else (-1, 0.0)
    if term.kind in NUMERIC or len(name) < 4:  # of figures nearly the same name is another figure
        return -1, 0.0
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    there = [pair for pair in pairs if pair in text]
    return (text.find(there[0]) if there else -1), len(there) / len(pairs) * 0.99


def _held_in(text: str) -> list[_Held]:
    found = []
    for match in _COMPARED.finditer(text):
        before = next((said for at, said in enumerate(_BEFORE) if match[f"b{at}"]), "")
        behind = next((said for at, said in enumerate(_BEHIND) if match[f"h{at}"]), "")
        comparison = _joined(before, behind, is_included=bool(match["included"]))
        number = match["number"] if match["number"][0].isdigit() else _figure(match["number"])
        if comparison and number:
            found.append(_Held(match.start(), comparison, number, match["number"], match["unit"]))
    return found


def _joined(before: str, behind: str, *, is_included: bool) -> str:
    """小于5000万元（含） is at most that much; 以上 and 以下 include it by 民法典 art. 1259."""
    if is_included and before in (_LESS, _MORE):
        return _AT_MOST if before == _LESS else _AT_LEAST
    return before or behind


def _figure(worded: str) -> str:
    return figure(worded) if re.fullmatch(FIGURE, worded) else ""


def _span_in(text: str) -> str:
    match = _SPAN.search(text)
    if not match:
        return ""
    number = match[1] if match[1].isdigit() else _figure(match[1])
    if not number or number == "1":
        return ""
    return f"近{match[1]}{'个会计年度' if match[2] == '个会计年度' else '年'}".replace("近二年", "近两年")


def _stretches(text: str) -> Iterator[tuple[str, str]]:
    """一年内: how far back."""
    for match in re.finditer(rf"(?:({_WORDED}|[0-9]+)(年|个月|日)以?内|近({_WORDED}|[0-9]+)(年|个月|日))", text):
        number, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        yield ("两" if number == "二" else number), unit


def _is_read(text: str, language: Language) -> bool:
    try:
        read(text, language)
    except ClausesError:
        return False
    return True
