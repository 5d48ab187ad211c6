"""What people write into the pages."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.services.incentives.grants.actions.answering import MAX_OBJECTION
from zonary.services.incentives.grants.actions.recovering import WORKDAYS
from zonary.services.incentives.grants.making import CONSENT_WORKDAYS
from zonary.services.incentives.grants.rules.accounts import (
    MAX_BANK,
    MAX_PAYEE,
    Account,
    WrongAccountError,
    read_account,
)
from zonary.services.incentives.grants.rules.allocating import Last
from zonary.services.incentives.grants.rules.payment_files import fen_of
from zonary.services.incentives.grants.rules.steps import MAX_TEXT, Reason
from zonary.services.incentives.grants.rules.terms import MAX_WORKDAYS

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_AREA = forms.Textarea(attrs={"rows": 3})


class StartForm(forms.Form):
    """``measures``: public id and title of those there are batches of."""

    measure = forms.ChoiceField(label=later("Measure"))
    day = forms.DateField(
        label=later("As of"), help_text=later("Today, or the day the measure counts by."), widget=_DAY
    )
    consent_workdays = forms.IntegerField(
        label=later("Workdays to answer"), min_value=1, max_value=MAX_WORKDAYS, initial=CONSENT_WORKDAYS
    )
    last = forms.ChoiceField(
        label=later("First come, first served: the first one for whom the budget does not suffice"),
        choices=[(Last.REST.value, later("gets what is left")), (Last.NOTHING.value, later("gets nothing"))],
        initial=Last.REST.value,
    )

    def __init__(self, *args: Any, measures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measures  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """Two fields to type; the payee is the enterprise itself, in the width and brackets its bank writes it with."""

    payee = forms.CharField(
        label=later("Payee, as the bank knows it"),
        max_length=MAX_PAYEE,
        help_text=later("Only an account of your enterprise itself."),
    )
    bank = forms.CharField(
        label=later("Bank and branch"), max_length=MAX_BANK, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    number = forms.CharField(
        label=later("Account number"),
        max_length=60,
        help_text=later("It is kept enciphered, and shown again by its last four digits alone."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["account"] = read_account(cleaned["payee"], cleaned["bank"], cleaned["number"])
            except WrongAccountError as error:
                from zonary.common.language import say

                raise forms.ValidationError(say(error)) from error
        return cleaned

    def account(self) -> Account:
        found: Account = self.cleaned_data["account"]
        return found


class NoAccountForm(forms.Form):
    """For what gives no money: there is nothing to fill in."""

    def account(self) -> None:
        return None


class ReasonForm(forms.Form):
    reason = forms.CharField(label=later("Reason"), max_length=MAX_TEXT)


class ObjectionForm(forms.Form):
    reason = forms.CharField(label=later("What you object to, and why"), max_length=MAX_OBJECTION, widget=_AREA)
    on_behalf = forms.CharField(
        label=later("Whose words these are"),
        help_text=later("For officers who take down what somebody else said."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, is_officer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_officer:
            del self.fields["on_behalf"]


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=later("Decision"),
        choices=[
            ("rejected", later("Rejected: the grant stays on the list")),
            ("upheld", later("Upheld: the grant is taken off the list")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=later("Answer"), max_length=MAX_OBJECTION, widget=_AREA)


class ReleaseForm(forms.Form):
    """``sample``: public id and name of the grants to be looked at."""

    looked_at = forms.MultipleChoiceField(label=later("Looked at, and in order"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=later("What you found"), max_length=MAX_TEXT)

    def __init__(self, *args: Any, sample: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["looked_at"].choices = sample  # type: ignore[attr-defined]


class ResultsForm(forms.Form):
    file = forms.FileField(
        label=later("What the bank answered, as CSV or XLSX"),
        help_text=later("Columns 序号, 发放编号, 结果 (成功 or 失败), and 原因 where it failed."),
    )


class ClawBackForm(forms.Form):
    why = forms.ChoiceField(
        label=later("Why it is claimed back"),
        choices=[
            (Reason.PROMISE_BROKEN.value, later("A promise was broken")),
            (Reason.FACT_RETRACTED.value, later("A fact it rested on was retracted")),
            (Reason.OBJECTION_UPHELD.value, later("An objection was upheld")),
        ],
    )
    note = forms.CharField(
        label=later("What was found; the enterprise reads it"), max_length=MAX_OBJECTION, widget=_AREA
    )
    amount = forms.CharField(label=later("Amount in yuan"), max_length=30)
    workdays = forms.IntegerField(
        label=later("Workdays to pay back"), min_value=1, max_value=MAX_WORKDAYS, initial=WORKDAYS
    )

    def clean_amount(self) -> int:
        given = str(self.cleaned_data["amount"]).strip()
        found = fen_of(given if "." in given else f"{given}.00")
        if found is None:
            raise forms.ValidationError(later("An amount in yuan with two places, such as 1234.50."))
        return found
