"""What officers write on an item card; most of it is there already, from the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from zonary.common.language import _, say
from zonary.common.page_words import later
from zonary.proof.errors import Error
from zonary.services.incentives.measures.queries import Offered
from zonary.services.incentives.measures.rules import (
    AUDIENCES,
    EXHAUSTIONS,
    KINDS,
    MAX_PLACE,
    MAX_SHORT,
    MAX_SUMMARY,
    MAX_TELEPHONE,
    MAX_TITLE,
    MAX_WORKDAYS,
    MODES,
    Card,
    require_card,
)

FEN = 100


def _said(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, _(name)) for key, name in words.items()]


def _kinds() -> list[tuple[str, str]]:
    return _said(KINDS)


def _modes() -> list[tuple[str, str]]:
    return _said(MODES)


def _exhaustions() -> list[tuple[str, str]]:
    return _said(EXHAUSTIONS)


def _audiences() -> list[tuple[str, str]]:
    return _said(AUDIENCES)


def _yuan(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, help_text=help_text, required=False, max_digits=15, decimal_places=2,
                              min_value=Decimal("0.01"))  # fmt: skip


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class MeasureForm(forms.Form):
    title = forms.CharField(label=later("Title"), max_length=MAX_TITLE)
    title_english = forms.CharField(label=later("Title in English"), max_length=MAX_TITLE)
    summary = forms.CharField(
        label=later("In one sentence"),
        help_text=later("What an enterprise gets, as one would say it on the telephone."),
        max_length=MAX_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    summary_english = forms.CharField(
        label=later("The same in English"), max_length=MAX_SUMMARY, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=later("Kind of measure"), choices=_kinds, initial="award")
    mode = forms.ChoiceField(label=later("How one gets it"), choices=_modes)
    audience = forms.MultipleChoiceField(
        label=later("For whom"), choices=_audiences, widget=forms.CheckboxSelectMultiple, initial=["all"]
    )
    amount = forms.ChoiceField(label=later("Table that gives the amount"), required=False)
    budget = _yuan(later("Budget in yuan"), later("Left empty: without limit."))
    budget_year = forms.IntegerField(label=later("Year of the budget"), required=False)
    exhaustion = forms.ChoiceField(label=later("When the budget is not enough"), choices=_exhaustions)
    cap = _yuan(later("Most for one enterprise in a year, in yuan"), later("Left empty: without limit."))
    stacking = forms.CharField(
        label=later("Group of which only the highest counts"),
        help_text=later(
            "Measures with the same word here do not add up (就高不重复). Left empty: it adds up with all."
        ),
        max_length=60,
        required=False,
    )
    claim_from = _day(later("First day to claim"))
    claim_until = _day(later("Last day to claim"))
    notice_workdays = forms.IntegerField(
        label=later("Working days of public notice"), min_value=0, max_value=MAX_WORKDAYS, initial=5
    )
    pay_workdays = forms.IntegerField(
        label=later("Working days until it is paid"), min_value=0, max_value=MAX_WORKDAYS, initial=60
    )
    decided_here = forms.BooleanField(label=later("The zone decides"), required=False, initial=True)
    decided_by = forms.CharField(
        label=later("Who else decides"), help_text=later("Only where the zone does not."), max_length=MAX_SHORT,
        required=False,
    )  # fmt: skip
    contact = forms.CharField(label=later("Contact"), max_length=MAX_SHORT)
    telephone = forms.CharField(label=later("Telephone"), max_length=MAX_TELEPHONE)
    place = forms.CharField(label=later("Where to go"), max_length=MAX_PLACE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), initial=1)

    def __init__(self, *given: Any, offered: Offered, **more: Any) -> None:
        super().__init__(*given, **more)
        fields: dict[str, Any] = self.fields
        fields["amount"].choices = [("", _("It gives no amount")), *offered.amounts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                require_card(self.card())
            except Error as error:
                self.add_error(None, say(error))
        return cleaned

    def card(self) -> Card:
        given = dict(self.cleaned_data)
        for name in ("budget", "cap"):
            given[name] = int(given[name] * FEN) if given[name] is not None else None
        given["audience"] = tuple(given["audience"])
        given["summary"] = given["summary"].replace("\r\n", "\n")
        given["summary_english"] = given["summary_english"].replace("\r\n", "\n")
        return Card(**{name: given[name] for name in Card.__dataclass_fields__})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=later("Reason"), max_length=200)


def initial_of(card: Card) -> dict[str, Any]:
    """A card as its form shows it."""
    given = {name: getattr(card, name) for name in Card.__dataclass_fields__}
    for name in ("budget", "cap"):
        given[name] = Decimal(given[name]) / FEN if given[name] is not None else None
    return given | {"audience": list(card.audience)}
