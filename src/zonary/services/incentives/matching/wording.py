"""A decision in the reader's language: clause by clause, with what was read, what stands against it, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from zonary.common.language import _, language, say
from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.interpreter.amounts import amount_said
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.explaining import Explaining, Sentence
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import print_chinese, render_english
from zonary.engines.clauses.stored import read_snapshot
from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.facts.models import Fact
from zonary.foundation.facts.wording import source_kind_name
from zonary.foundation.rules.loaded import loaded_release
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.matching.queries.deciding import Answered, Question
from zonary.services.incentives.matching.queries.stored import may_be_promised, repeated
from zonary.services.incentives.measures.wording import title_of as measure_title

_CLASSES = {Truth.YES: "met", Truth.NO: "not-met", Truth.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum that is not known. ``indicator`` is empty for what no fact here could say."""

    name: str
    year: int | None
    source: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that was read, so that it can be looked at and disputed.

    :param dispute: public id of the one that waits for an answer, empty without.
    :param basis: on which an authority shared it, where that is recorded and the reader's to see.
    """

    name: str
    fact: str
    dispute: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """One clause as a page shows it.

    :param said: what was read and from where, what is missing, and what would do.
    :param is_short: whether it alone stands between the enterprise and the measure.
    """

    id: str
    state: str
    sentence: str
    document: str
    article: str
    quote: str
    said: tuple[str, ...]
    missing: tuple[Missing, ...]
    used: tuple[Used, ...]
    is_short: bool
    is_promised: bool
    may_promise: bool


@dataclass(frozen=True, slots=True)
class Backing:
    """What is known of facts besides what a decision reads: public id -> that of an open dispute, or the basis."""

    disputed: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)


_NO_BACKING: Final = Backing()


def clause_views(answer: Answered, backing: Backing = _NO_BACKING) -> list[ClauseView]:
    """In the order of the item; none of one that was stopped."""
    return [_view(answer, finding, backing) for finding in answer.decision.clauses]


def disputed_names(answer: Answered, disputed: Mapping[str, str]) -> list[str]:
    """Of what the answer rests on, the data that are disputed, each once."""
    backing = Backing(disputed)
    used = (each for finding in answer.decision.clauses for each in _used(answer, finding, backing)) if disputed else ()
    return list(dict.fromkeys(each.name for each in used if each.dispute))


def _view(answer: Answered, finding: ClauseFinding, backing: Backing) -> ClauseView:
    clause, decision = finding.clause, answer.decision
    vocabulary = answer.asking.vocabulary
    explaining = Explaining(vocabulary, language() == "en", _known_sources(answer))
    said = tuple(_said(each) for each in explaining.sentences(finding, decision.snapshot))
    return ClauseView(
        id=clause.id,
        state=_CLASSES[finding.truth],
        sentence=sentence_of(answer, clause.id),
        document=clause.citation.document,
        article=clause.citation.article,
        quote=clause.citation.quote,
        said=said,
        missing=tuple(_missing(answer, finding)),
        used=tuple(_used(answer, finding, backing)),
        is_short=clause.id in decision.short,
        is_promised=finding.is_promised,
        may_promise=may_be_promised(finding),
    )


def sentence_of(answer: Answered, clause: str, *, in_english: bool | None = None) -> str:
    """The clause as a sentence, in the reader's language unless said otherwise."""
    wanted = language() == "en" if in_english is None else in_english
    found = next(each for each in answer.question.loaded.pack.document.clauses if each.id == clause)
    return (render_english if wanted else print_chinese)(found.expression, answer.asking.vocabulary)


def _said(sentence: Sentence) -> str:
    params = dict(sentence.params)
    if "source" in params:
        params["source"] = source_words(params["source"])
    return _(sentence.msgid, **params)


def source_words(source: str) -> str:
    """“officer: tax office” with the kind of source in words."""
    kind, colon, rest = source.partition(": ")
    if kind not in Fact.SourceKind.values:
        return source
    return f"{source_kind_name(kind)}{'：' if language() == 'zh' else ': '}{rest}" if colon else source_kind_name(kind)


def _known_sources(answer: Answered) -> dict[str, str]:
    """Of each term, who else than the enterprise said it of the latest year: who is asked for one that is missing."""
    data = sorted(answer.decision.snapshot.data.items(), key=lambda pair: pair[1].as_of)
    return {id: each.source for (id, _year), each in data if not each.source.startswith(Fact.SourceKind.SELF)}


def _missing(answer: Answered, finding: ClauseFinding) -> Iterator[Missing]:
    seen, known = dict.fromkeys(key for leaf in finding.leaves for key in leaf.missing), _known_sources(answer)
    for id, year in seen if finding.truth is Truth.UNKNOWN else ():
        term = answer.asking.vocabulary.term(id)
        name = term.english if language() == "en" else term.chinese
        source = source_words(known.get(id) or term.source)
        yield Missing(name, year, source, id if id in INDICATORS else "")


def missing_most(answers: Sequence[Answered]) -> list[tuple[str, Missing, int]]:
    """What holds up the most measures first: its name, the datum, and how many measures wait for it."""
    waiting = Counter(
        each for answer in answers for each in {one for view in clause_views(answer) for one in view.missing}
    )
    most = sorted(waiting.items(), key=lambda each: (-each[1], each[0].name, each[0].year or 0))
    return [(_named(datum), datum, count) for datum, count in most]


def _used(answer: Answered, finding: ClauseFinding, backing: Backing) -> Iterator[Used]:
    data = answer.decision.snapshot.data
    for key in dict.fromkeys(key for leaf in finding.leaves for key in leaf.read):
        term, fact = answer.asking.vocabulary.term(key[0]), data[key].reference
        if fact:
            name = term.english if language() == "en" else term.chinese
            named = f"{name} {key[1]}" if key[1] else name
            yield Used(named, fact, backing.disputed.get(fact, ""), backing.bases.get(fact, ""))


def title_of(answer: Answered) -> str:
    return measure_title(answer.question.measure)


def amount_words(fen: int | None) -> str:
    """In yuan, exact, with separators; empty for none."""
    if fen is None:
        return ""
    yuan = Decimal(fen) / 100
    return _("{yuan} yuan", yuan=f"{yuan:,.2f}".removesuffix(".00"))


def reason_of(answer: Answered) -> str:
    """The one sentence a company reads first: why it has it, or what stands between."""
    decision = answer.decision
    if decision.error is not None:
        return say(decision.error)
    views = clause_views(answer)
    by_id = {each.id: each for each in views}
    if decision.truth is Truth.YES:
        promised = [each for each in views if each.is_promised]
        met = [each.sentence for each in views if each.state == "met"][:2]
        if promised:
            return _("By your promise: {clause}.", clause=promised[0].sentence)
        if len(met) == len(views):
            return _("Every condition holds: {clauses}.", clauses=_joined(met))
        return _("All {count} conditions hold, such as: {clauses}.", count=len(views), clauses=_joined(met))
    if decision.truth is Truth.UNKNOWN:
        lacking = [each for view in views for each in view.missing]
        if lacking:
            names = list(dict.fromkeys(_named(each) for each in lacking))
            return _("Not known yet: {data}.", data=_joined(names[:3]))
        return _("A person has yet to find whether this is so.")
    if decision.short:
        view = by_id[decision.short[0]]
        return _("One condition short: {clause}. {said}", clause=view.sentence, said=view.said[-1] if view.said else "")
    against = [each for each in views if each.state == "not-met"]
    return _("{count} conditions do not hold, such as: {clause}.", count=len(against), clause=_joined(
        [each.sentence for each in against][:1]
    ))  # fmt: skip


def _named(missing: Missing) -> str:
    return f"{missing.name}（{missing.year}）" if missing.year and language() == "zh" else (
        f"{missing.name} of {missing.year}" if missing.year else missing.name
    )  # fmt: skip


def _joined(texts: Sequence[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(texts)


def promise_words(answer: Answered, clause: str, *, in_english: bool | None = None) -> str:
    """What the enterprise signs, whole: what, for which measure, under which words of which document, and what follows.

    Both languages have their own words; the ledger has the digest of those that were shown.
    """
    wanted = language() == "en" if in_english is None else in_english
    measure = answer.question.measure
    cited = next(each for each in answer.question.loaded.pack.document.clauses if each.id == clause).citation
    sentence = sentence_of(answer, clause, in_english=wanted)
    where = f"{cited.document} {cited.article}".strip()
    name = answer.subject.name
    if wanted:
        return (
            f"{name} promises for “{measure.title_english or measure.title}”: {sentence} ({where}). The zone will look "
            "whether this is so. If it is not, what was granted on this promise is taken back, and the enterprise "
            "promises nothing more for this measure until its credit is repaired."
        )
    return (
        f"{name}就“{measure.title}”承诺：{sentence}（{where}）。片区将核查是否属实；如不属实，撤回据此给予的待遇，"
        "并且本企业在信用修复前不得再就该事项作出承诺。"
    )


def amount_lines(answer: Answered) -> list[str]:
    """What the amount is reckoned from: figure × rate, bounds, the row of a table; then each figure that was read."""
    return [] if answer.amount is None else _amount_lines(answer.asking, answer.decision.item.amount)


def kept_amount_lines(kept: StoredDecision, *, item: str) -> list[str]:
    """The same of a kept decision, from its own snapshot and release.

    :param item: its measure's, which who asks has at hand.
    """
    if kept.amount is None:
        return []
    loaded = loaded_release(str(kept.release))
    asking = Asking(loaded.setting, read_snapshot(kept.snapshot.encode()))
    return _amount_lines(asking, loaded.plan[item].item.amount)


def _amount_lines(asking: Asking, table: str) -> list[str]:
    return [_said(each) for each in amount_said(asking, table, in_english=language() == "en")]


@dataclass(frozen=True, slots=True)
class StoredView:
    """:param differs: what does not come out again, empty when everything does."""

    clauses: Sequence[ClauseView] = ()
    amount: Sequence[str] = ()
    differs: str = ""


def stored_view(kept: StoredDecision, disputed: Mapping[str, str]) -> StoredView:
    """A kept decision clause by clause, said again from what was kept; what is disputed is so now."""
    loaded = loaded_release(str(kept.release))
    asking = Asking(loaded.setting, read_snapshot(kept.snapshot.encode()))
    question = Question(measure=kept.measure, loaded=loaded, day=kept.day, known_at=kept.known_at)
    try:
        again = repeated(kept, loaded)
    except ReplayError as error:
        return StoredView(differs=say(error))
    answer = Answered(question, kept.subject, again, asking)
    return StoredView(clause_views(answer, Backing(disputed)), amount_lines(answer))


def kept_disputes(kept: StoredDecision, disputed: Mapping[str, str]) -> list[Used]:
    """Of what a kept decision rests on, the data that are disputed now, each once."""
    clauses = stored_view(kept, disputed).clauses if disputed else ()
    return list(dict.fromkeys(each for clause in clauses for each in clause.used if each.dispute))
