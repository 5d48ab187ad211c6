"""“My benefits” as a list: each measure in one row, those of one turn together, what is far folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse

from zonary.common.language import _, language
from zonary.services.incentives.matching.next_steps import Doing, NextStep, next_step
from zonary.services.incentives.matching.queries import Circumstances, Group, Result
from zonary.services.incentives.matching.underway import Stage
from zonary.services.incentives.matching.wording import amount_lines, amount_words, disputed_names, reason_of, title_of
from zonary.services.incentives.measures.models import Measure
from zonary.services.incentives.measures.rules import KINDS, MODES

_SHOWN: Final = 8
"""Rows of a part that are shown at once, so that a phone shows the next part, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure.

    :param amount_said: how the amount is reckoned, in one line; its figures are on the measure's own page.
    :param disputed: names of data it rests on that are disputed.
    :param before: what became of it when it was last listed or claimed, where that was nothing.
    """

    measure: Measure
    group: Group
    title: str
    address: str
    kind: str
    mode: str
    amount: str
    amount_said: str
    reason: str
    step: NextStep | None
    disputed: str
    before: str


@dataclass(frozen=True, slots=True)
class Part:
    """``more`` is shown when it is opened; ``name`` is empty where there is one part only."""

    name: str
    rows: Sequence[Row]
    more: Sequence[Row]

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.more)


@dataclass(frozen=True, slots=True)
class Section:
    """A group: ``parts`` are shown, ``folded`` only when it is opened."""

    group: str
    name: str
    count: int
    parts: Sequence[Part]
    folded: Sequence[Row]


def row_of(result: Result, now: Circumstances) -> Row:
    answer = result.answer
    measure = answer.question.measure
    under = now.underway.get(measure.pk)
    return Row(
        measure=measure,
        group=result.group,
        title=title_of(answer),
        address=reverse("matching:measure", args=[measure.public_id]),
        kind=_(KINDS[measure.kind]),
        mode=_(MODES[measure.mode]),
        amount=amount_words(answer.amount),
        amount_said=next(iter(amount_lines(answer)), ""),
        reason=reason_of(answer),
        step=next_step(result, now),
        disputed=("、" if language() == "zh" else ", ").join(disputed_names(answer, now.disputed)),
        before=under.said if under is not None and under.stage is Stage.NOTHING else "",
    )


def group_names() -> Mapping[Group, str]:
    return {
        Group.FITS: _("Fits"),
        Group.SHORT: _("One condition short"),
        Group.MISSING: _("Something is not known yet"),
        Group.FAR: _("One condition short that can hardly be changed"),
        Group.OTHER: _("Does not fit now"),
        Group.UNWANTED: _("You said: not for us"),
    }


def sections_of(rows: Sequence[Row]) -> list[Section]:
    """In the order of the groups; none of a group without a row."""
    names = group_names()
    found = []
    for group in Group:
        own = [each for each in rows if each.group is group]
        if own:
            parts, folded = _by_turn(own) if group is Group.FITS else _nearest_first(group, own)
            found.append(Section(group.value, names[group], len(own), parts, folded))
    return found


def _by_turn(rows: Sequence[Row]) -> tuple[list[Part], Sequence[Row]]:
    """Whose turn it is; what is not to be had today is folded."""
    names = {
        Doing.ACT: _("Your turn"),
        Doing.APPLY: _("To be applied for"),
        Doing.WAIT: _("Comes by itself"),
        Doing.HAD: _("Had already"),
    }
    parts = [(name, [each for each in rows if each.step and each.step.doing is doing]) for doing, name in names.items()]
    folded = [each for each in rows if each.step is None or each.step.doing is Doing.CLOSED]
    return [_part(name, own) for name, own in parts if own], folded


def _part(name: str, rows: Sequence[Row]) -> Part:
    """What has a day comes first, the soonest before; then what can be pressed."""
    ordered = sorted(rows, key=lambda each: (_until(each), not _is_pressed(each)))
    # One more takes no more room than the line that hides it.
    most = _SHOWN if len(ordered) > _SHOWN + 1 else len(ordered)
    return Part(name, ordered[:most], ordered[most:])


def _is_pressed(row: Row) -> bool:
    return row.step is not None and row.step.doing is Doing.ACT and bool(row.step.button)


def _until(row: Row) -> date:
    return (row.step.until if row.step else None) or date.max


def _nearest_first(group: Group, rows: Sequence[Row]) -> tuple[list[Part], Sequence[Row]]:
    """What is one condition short is shown; of the rest, only where the enterprise can act at once."""
    if group is Group.SHORT:
        return [_part("", rows)], []
    shown = [each for each in rows if each.step is not None and each.step.doing is Doing.ACT]
    return ([_part("", shown)] if shown else []), [each for each in rows if each not in shown]


def filters(results: Sequence[Result], chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of the form that limits the list; only what there is can be chosen, with how many there are."""
    fields: dict[str, tuple[str, Mapping[str, str]]] = {
        "group": (_("How near it is"), {each.value: name for each, name in group_names().items()}),
        "kind": (_("Kind of measure"), {each: _(word) for each, word in KINDS.items()}),
        "mode": (_("How one gets it"), {each: _(word) for each, word in MODES.items()}),
    }
    found = []
    for name, (label, words) in fields.items():
        counts = Counter(filtered_by(each)[name] for each in results)
        choices = [(key, f"{word} ({counts[key]})") for key, word in words.items() if counts[key]]
        found.append({"name": name, "label": label, "choices": choices, "chosen": chosen[name]})
    return found


def filtered_by(result: Result) -> dict[str, str]:
    """What of a measure the list can be limited to."""
    measure = result.answer.question.measure
    return {"group": result.group.value, "kind": measure.kind, "mode": measure.mode}
