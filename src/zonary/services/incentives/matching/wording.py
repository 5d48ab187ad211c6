"""A decision in the reader's language: clause by clause, with what was read, what stands against it, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zonary.common.language import _, language, say
from zonary.engines.clauses.errors import ReplayError
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
    """A fact that was read, so that it can be looked at and disputed."""

    name: str
    fact: str


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


def clause_views(answer: Answered) -> list[ClauseView]:
    """In the order of the item; none of one that was stopped."""
    return [_view(answer, finding) for finding in answer.decision.clauses]


def _view(answer: Answered, finding: ClauseFinding) -> ClauseView:
    clause, decision = finding.clause, answer.decision
    vocabulary = answer.asking.vocabulary
    explaining = Explaining(vocabulary, in_english=language() == "en")
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
        used=tuple(_used(answer, finding)),
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


def _missing(answer: Answered, finding: ClauseFinding) -> Iterator[Missing]:
    seen = dict.fromkeys(key for leaf in finding.leaves for key in leaf.missing)
    for id, year in seen if finding.truth is Truth.UNKNOWN else ():
        term = answer.asking.vocabulary.term(id)
        name = term.english if language() == "en" else term.chinese
        yield Missing(name, year, term.source, id if id in INDICATORS else "")


def missing_most(answers: Sequence[Answered]) -> list[tuple[str, Missing, int]]:
    """What holds up the most measures first: its name, the datum, and how many measures wait for it."""
    waiting = Counter(
        each for answer in answers for each in {one for view in clause_views(answer) for one in view.missing}
    )
    most = sorted(waiting.items(), key=lambda each: (-each[1], each[0].name, each[0].year or 0))
    return [(_named(datum), datum, count) for datum, count in most]


def _used(answer: Answered, finding: ClauseFinding) -> Iterator[Used]:
    data = answer.decision.snapshot.data
    for key in dict.fromkeys(key for leaf in finding.leaves for key in leaf.read):
        term = answer.asking.vocabulary.term(key[0])
        if data[key].reference:
            name = term.english if language() == "en" else term.chinese
            yield Used(f"{name} {key[1]}" if key[1] else name, data[key].reference)


def title_of(answer: Answered) -> str:
    measure = answer.question.measure
    return (measure.title_english if language() == "en" else measure.title) or measure.title


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


def stored_views(kept: StoredDecision) -> tuple[list[ClauseView], str]:
    """A kept decision clause by clause, said again from what was kept; and what differs, empty when nothing does."""
    loaded = loaded_release(str(kept.release))
    asking = Asking(loaded.setting, read_snapshot(kept.snapshot.encode()))
    question = Question(measure=kept.measure, loaded=loaded, day=kept.day, known_at=kept.known_at)
    try:
        again = repeated(kept, loaded)
    except ReplayError as error:
        return [], say(error)
    return clause_views(Answered(question, kept.subject, again, asking)), ""
