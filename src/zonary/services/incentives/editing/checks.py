"""What is right and wrong with a draft, at once: its sentences, and what is found before a release.

Everything is the engine's; here it is put to a draft that may not be whole yet.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Final

import msgspec

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.errors import ClausesError, SentenceError, VocabularyError
from zonary.engines.clauses.expressions import ClauseRef, Expression, leaves_of
from zonary.engines.clauses.language import Offer, offered, parse, proposed, render_english
from zonary.engines.clauses.language.compiled import language_of
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape, vocabulary_of
from zonary.engines.clauses.packs.shapes import PackShape, RowsShape
from zonary.engines.clauses.packs.tables import read_table, with_rows
from zonary.engines.clauses.tables.model import DecisionTable, Table
from zonary.engines.clauses.vocabulary import Kind, Term, Vocabulary
from zonary.foundation.facts.indicators import DIVISIONS, INDICATORS
from zonary.foundation.rules.dictionary import base_vocabulary
from zonary.proof.errors import Error
from zonary.services.incentives.editing.rules import Content, WrongDraftError, with_row
from zonary.services.incentives.library import citing
from zonary.services.incentives.library.models import PolicyEdition

_SAFE: Final = 2**53 - 1
"""The largest whole number that canonical JSON writes (RFC 8785 §3.2.2.3): a bound of a term is no larger."""
MAX_PROPOSED: Final = 4
_PLACEHOLDER: Final = "placeholder"


def term_shape(term: Term) -> dict[str, Any]:
    """A term as a pack writes it."""
    plain = Term(id="x", chinese="x", english="x", kind=Kind.MONEY)
    shape: dict[str, Any] = {
        "id": term.id,
        "name": {"zh": term.chinese, "en": term.english},
        "kind": term.kind.value,
        "annual": term.annual,
        "places": term.places,
        "frame": term.frame.value,
        "system": term.system,
        "source": term.source,
    }
    if term.unit:
        shape["unit"] = {"zh": term.unit, "en": term.unit_english}
    if term.low != plain.low:
        shape["low"] = max(term.low, -_SAFE)
    if term.high != plain.high:
        shape["high"] = min(term.high, _SAFE)
    return shape


def dictionary_shapes() -> dict[str, Content]:
    """Id -> term of the dictionary, as a pack writes it."""
    return {each.id: term_shape(each) for each in base_vocabulary().terms}


_LAST_YEARS: Final = "(?:上一?年度|前一?年度|本年度|近[一二两三四五]年|[0-9]{4}年)[^，。；：\\n]{0,20}?"


def terms_as_said(text: str) -> list[Content]:
    """Counts and sums at a day, such as 从业人员, that a document asks by the year: each as a term of its rules.

    The dictionary has them as they are now, and facts of them answer a year, too.
    """
    counted = [each for each in base_vocabulary().terms if not each.annual and each.kind in (Kind.MONEY, Kind.COUNT)]
    found = [each for each in counted if re.search(_LAST_YEARS + re.escape(each.chinese), text)]
    return [term_shape(replace(each, annual=True)) for each in found]


def terms_to_add(content: Content, text: str) -> list[Content]:
    """Of :func:`terms_as_said` those the draft has not: it was begun earlier, or from released rules."""
    taken = {name for each in content["terms"] for name in (each["id"], each["name"]["zh"])}
    return [each for each in terms_as_said(text) if taken.isdisjoint((each["id"], each["name"]["zh"]))]


def with_term_by_year(content: Content, text: str, id: str) -> Content:
    """:raises WrongDraftError: when it is not among :func:`terms_to_add`."""
    found = next((each for each in terms_to_add(content, text) if each["id"] == id), None)
    if found is None:
        raise WrongDraftError("The draft has no such row any more. Look at the page again.")
    return with_row(content, "terms", found)


def words_of(content: Content) -> Vocabulary:
    """The dictionary's terms and the draft's own, which go before them.

    Where a name of the draft could also be read as words of the dictionary, those that stand in it or around it are
    left out: a pack that was released with names of its own goes on with them.

    :raises ClausesError: when two mean one thing, or one two.
    """
    own = [each["name"]["zh"] for each in content["terms"]]
    taken = {each["id"] for each in content["terms"]}
    counted = {each["zh"] for each in content["points"]}  # 项 of a score is not 项 of rights
    base = [
        each
        for each in base_vocabulary().terms
        if each.id not in taken and each.chinese not in own and each.unit not in counted
    ]
    parts = {name: content[name] for name in ("lists", "parameters", "points")}
    # What the rows of a table are changes no word, and a language takes long to make.
    parts["tables"] = [each | ({"rows": _any_row(each)} if "rows" in each else {}) for each in content["tables"]]
    apart = [each for each in base if not any(each.chinese in one or one in each.chinese for one in own)]
    return _legible(_written(content["terms"], base, parts), _written(content["terms"], apart, parts))


def _written(own: Sequence[Content], base: Sequence[Term], parts: Content) -> str:
    return json.dumps({"terms": [*own, *map(term_shape, base)], **parts}, ensure_ascii=False)


@functools.lru_cache(maxsize=16)
def _legible(whole: str, apart: str) -> Vocabulary:
    """Kept, because its language takes a fifth of a second to make."""
    try:
        found = _vocabulary(whole)
        language_of(found)
    except VocabularyError:
        found = _vocabulary(apart)
    return found


def _any_row(table: Content) -> list[Content]:
    return [{"when": [None] * len(table["columns"]), "gives": "0"}]


_INDUSTRIES: Final = frozenset(f"{letter}{division}" for division, letter in DIVISIONS.items())
_INDUSTRY: Final = INDICATORS["industry-code"].citation
"""How the dictionary names the classification of industry codes."""


def _vocabulary(parts: str) -> Vocabulary:
    title = {"zh": _PLACEHOLDER, "en": _PLACEHOLDER}
    clause = {"id": _PLACEHOLDER, "article": "", "quote": "", "sentence": _PLACEHOLDER}
    item = {"id": _PLACEHOLDER, "title": title, "condition": _PLACEHOLDER, "first": "2000-01-01"}
    head = {"version": "zonary-rules/1", "id": _PLACEHOLDER, "number": _PLACEHOLDER, "title": title}
    whole = {**head, **json.loads(parts), "clauses": [clause], "items": [item]}
    found = vocabulary_of(read_shape(json.dumps(whole).encode()))
    return replace(found, systems={_INDUSTRY: _INDUSTRIES | {each[0] for each in _INDUSTRIES}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it was found.

    :param error: None when it is one; then ``english`` says it. ``before`` and ``behind`` are the text around the place
        where it goes wrong.
    :param proposed: sentences made of the terms and numbers in it and in the words it is to say, each with its English.
    """

    text: str
    english: str = ""
    error: Error | None = None
    nearest: str = ""
    before: str = ""
    behind: str = ""
    proposed: Sequence[tuple[str, str]] = ()


def sentence_of(content: Content, text: str, quote: str = "") -> Sentence:
    """Whether ``text`` is a rule in the words of the draft, and otherwise where it goes wrong and what could be meant.

    :param quote: the words of the document that it is to say.
    """
    words = None
    try:
        words = words_of(content)
        expression = parse(text, words)
        for leaf in leaves_of(expression):
            if isinstance(leaf, ClauseRef):
                raise SentenceError(
                    "“〔{clause}〕” is another clause. Which clauses are asked together is said of the item, under "
                    "“Items and conditions”.",
                    clause=leaf.clause,
                ).at(max(0, text.find(f"〔{leaf.clause}〕")))
        return Sentence(text=text, english=render_english(expression, words))
    except SentenceError as error:
        at = len(text) if error.position is None else error.position
        return Sentence(
            text=text,
            error=error,
            nearest=error.nearest,
            before=text[:at],
            behind=text[at:],
            proposed=[each for each in _proposed(words, text, quote) if each[0] != error.nearest],
        )
    except ClausesError as error:
        return Sentence(text=text, error=error, before=text)


def proposals_for(content: Content, quote: str) -> Sequence[tuple[str, str]]:
    """Sentences made of the terms and numbers in the words of the document, each with its English."""
    try:
        return _proposed(words_of(content), "", quote)
    except ClausesError:
        return ()


def _proposed(words: Vocabulary | None, text: str, quote: str) -> list[tuple[str, str]]:
    if words is None:
        return []
    found = dict.fromkeys([*(proposed(text, words) if text else ()), *(proposed(quote, words) if quote else ())])
    return [(each, render_english(parse(each, words), words)) for each in [*found][:MAX_PROPOSED]]


def offers_in(content: Content, text: str) -> tuple[Offer, ...]:
    """Passages of a document that are sentences in the words of the draft."""
    try:
        return offered(text, words_of(content))
    except ClausesError:
        return ()


# --- the pack ---------------------------------------------------------------------------------------------------------


def terms_in(value: object) -> Iterator[str]:
    """Ids of all terms a tree or a table reads."""
    if isinstance(value, tuple | frozenset | list):
        for each in value:
            yield from terms_in(each)
    elif is_dataclass(value):
        for each in fields(value):
            inner = getattr(value, each.name)
            if each.name == "term" and isinstance(inner, str):
                yield inner
            elif each.name == "terms" and isinstance(inner, tuple) and all(isinstance(one, str) for one in inner):
                yield from inner
            else:
                yield from terms_in(inner)


def used_terms(content: Content) -> list[str]:
    """Ids of the terms the draft's sentences, tables and cases name, in the order of the vocabulary."""
    words = words_of(content)
    found: set[str] = set()
    for each in content["clauses"]:
        found.update(terms_in(parse(each["sentence"], words)))
    for table in _read_tables(content, words):
        found.update(terms_in(table))
    for case in content["cases"]:
        found.update(key.partition("@")[0] for key in case["data"])
    return [each.id for each in words.terms if each.id in found]


def _read_tables(content: Content, words: Vocabulary) -> Iterator[Table]:
    if content["tables"]:
        whole = {**content, "terms": [term_shape(each) for each in words.terms], "cases": []}
        shape = _shape(_filled(whole))
        for each in shape.tables:
            yield read_table(each, shape, words, parse_in(words))


def table_called(content: Content, name: str) -> Table | None:
    """:raises ClausesError: when a table of the draft cannot be read."""
    return next((each for each in _read_tables(content, words_of(content)) if each.name == name), None)


def with_table(content: Content, name: str, table: DecisionTable) -> Content:
    """With the rows of ``table`` in place of those of the table of rows called ``name``."""
    shape = _shape(_filled({**content, "terms": [term_shape(each) for each in words_of(content).terms], "cases": []}))
    found = next(each for each in shape.tables if each.name.zh == name and isinstance(each, RowsShape))
    row = msgspec.to_builtins(with_rows(found, table))
    return {**content, "tables": [row if each["name"]["zh"] == name else each for each in content["tables"]]}


def _filled(content: Content) -> Content:
    """With something where a pack has to have something."""
    title = {"zh": _PLACEHOLDER, "en": _PLACEHOLDER}
    clause = {"id": _PLACEHOLDER, "article": "", "quote": "", "sentence": _PLACEHOLDER}
    item = {"id": _PLACEHOLDER, "title": title, "condition": _PLACEHOLDER, "first": "2000-01-01"}
    return {**content, "clauses": content["clauses"] or [clause], "items": content["items"] or [item]}


def _shape(content: Content) -> PackShape:
    return read_shape(json.dumps(content, ensure_ascii=False).encode())


def pack_json(content: Content) -> bytes:
    """The draft as it would be proposed: with the terms it uses, and no others.

    :raises ClausesError: when a sentence or a table of it cannot be read.
    """
    words = words_of(content)
    terms = [term_shape(words.term(id)) for id in used_terms(content)]
    return json.dumps({**content, "terms": terms}, ensure_ascii=False).encode()


def parse_in(words: Vocabulary) -> Callable[[str, Vocabulary], Expression]:
    """Reads in the words of the draft, whose language is made; that of the pack's fewer words would be made anew."""
    return lambda sentence, _fewer: parse(sentence, words)


def require_readable(content: Content) -> None:
    """That everything in the draft can be read, as far as it is there: what cannot is not kept.

    :raises ClausesError: names the first that cannot.
    """
    whole = _filled({**content, "cases": []})
    words = words_of(content)
    whole["terms"] = [term_shape(each) for each in words.terms]
    if not content["clauses"]:
        _shape(whole)
        for _table in _read_tables(content, words):
            pass
        return
    whole["cases"] = content["cases"]
    empty = [each for each in content["items"] if each["condition"] == {"all": []}]
    whole["items"] = [each for each in whole["items"] if each not in empty] or [
        {"id": _PLACEHOLDER, "title": content["title"], "condition": content["clauses"][0]["id"], "first": "2000-01-01"}
    ]
    kept = {each["id"] for each in whole["items"]}
    whole["cases"] = [
        {**each, "expected": {item: said for item, said in each["expected"].items() if item in kept}}
        for each in content["cases"]
    ]
    read_pack(_shape(whole), parse_in(words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A draft looked at as a whole.

    :param problem: why it is no pack yet; None when it is one.
    """

    pack: Pack | None
    problem: Error | None
    findings: Sequence[Finding]

    @property
    def in_the_way(self) -> Sequence[Finding]:
        """What has to be mended before it is handed over."""
        return [each for each in self.findings if each.is_blocking]

    @property
    def is_releasable(self) -> bool:
        return self.pack is not None and not self.in_the_way


def looked_at(content: Content, today: date, edition: PolicyEdition | None = None) -> Looked:
    """The draft as a pack, and what is found in it.

    :param edition: the words it is written from, in which what it quotes is looked for; None: it is not.
    """
    cited = citing.beside(content, edition) if edition else ()
    try:
        if not content["clauses"]:
            raise ClausesError("The draft has no clause yet. Take up sentences of the text, or write one.")
        pack = read_pack(read_shape(pack_json(content)), parse_in(words_of(content)))
        found = sorted((*cited, *findings_of(pack, today=today)), key=lambda each: not each.is_blocking)
        return Looked(pack=pack, problem=None, findings=found)
    except ClausesError as error:
        return Looked(pack=None, problem=error, findings=cited)


def require_nothing_in_the_way(content: Content, today: date, edition: PolicyEdition) -> None:
    """:raises ClausesError: when it is no whole pack, or with how much is in the way and what comes first."""
    looked = looked_at(content, today, edition)
    if looked.problem is not None:
        raise looked.problem
    if looked.in_the_way:
        raise ClausesError(
            "Findings that stand in the way of handing it over: {count}; “Check and propose” lists them. "
            "The first: {reason}",
            count=len(looked.in_the_way),
            reason=looked.in_the_way[0].reason,
        )
