"""What pages ask for. Whether it is right is for the rules and actions to say."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.foundation.facts.indicators import INDICATORS, PURPOSES, UNITS
from zonary.foundation.facts.models import Fact
from zonary.foundation.facts.rules import MAX_TEXT, Claim
from zonary.foundation.facts.wording import indicator_name, purpose_name, source_kind_name, unit_name


def _indicators() -> list[tuple[str, str]]:
    return [(code, indicator_name(code)) for code in INDICATORS]


def _purposes() -> list[tuple[str, str]]:
    return [(code, purpose_name(code)) for code in PURPOSES]


def _units() -> list[tuple[str, Any]]:
    units = dict.fromkeys(unit for group in UNITS.values() for unit in group if unit)
    return [("", later("as the indicator is kept")), *((unit, unit_name(unit)) for unit in units)]


def _source_kinds() -> list[tuple[str, str]]:
    return [(kind, source_kind_name(kind)) for kind in Fact.SourceKind.values if kind != Fact.SourceKind.SELF]


def _text(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=MAX_TEXT, help_text=hint)


class ClaimForm(forms.Form):
    """What the enterprise says of itself."""

    indicator = forms.ChoiceField(label=later("Indicator"), choices=_indicators)
    value = _text(
        later("Value"), hint=later("Digits without separators; a date like 2025-07-01; yes or no; never; without-end.")
    )
    unit = forms.ChoiceField(label=later("Unit"), choices=_units, required=False)
    period = _text(later("Period"), hint=later("2025, 2025-Q3, 2025-07, a day, or 2025-07-01/ for what goes on."))
    source = _text(later("Source"), required=False, hint=later("Such as an audited report and its number."))
    document = _text(later("SHA-256 of the document"), required=False)
    use_limit = forms.MultipleChoiceField(
        label=later("May be read for"),
        choices=_purposes,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=later("Choose none, and it may be read for any purpose of the zone."),
    )

    def claim(self) -> Claim:
        return Claim(**{name: self.cleaned_data[name] for name in self.cleaned_data if name in _CLAIM_FIELDS})


_CLAIM_FIELDS = set(Claim.__dataclass_fields__)


class OfficerClaimForm(ClaimForm):
    """What an officer records: with its basis, and the consent or why none is needed."""

    source_kind = forms.ChoiceField(label=later("Kind of source"), choices=_source_kinds)
    sharing_basis = _text(
        later("Sharing basis"), required=False, hint=later("The law, or the catalogue's number, it was shared under.")
    )
    consent = _text(later("Consent of the enterprise"), required=False, hint=later("Its identifier, if there is one."))
    consent_not_needed = _text(later("Why no consent is needed"), required=False)
    field_order = ("indicator", "value", "unit", "period", "source_kind", "source")


class CorrectionForm(ClaimForm):
    reason = _text(later("Reason of the correction"))


class OfficerCorrectionForm(OfficerClaimForm):
    reason = _text(later("Reason of the correction"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        del self.fields["source_kind"]


class AnswerForm(OfficerClaimForm):
    """An answer; what is right is asked for only when the dispute is upheld."""

    answer = _text(later("Answer"), hint=later("The enterprise reads it; it becomes part of the record."))
    field_order = ("outcome", "answer", "value", "unit", "period", "source")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        del self.fields["source_kind"], self.fields["indicator"]
        choices = [("upheld", later("It is wrong: record what is right")), ("rejected", later("It stands"))]
        self.fields["outcome"] = forms.ChoiceField(label=later("Outcome"), choices=choices, widget=forms.RadioSelect)
        for name in ("value", "period"):
            self.fields[name].required = False
        self.order_fields(self.field_order)


class DisputeForm(forms.Form):
    reason = _text(later("What is wrong"))
    ought = _text(later("What it ought to be"), required=False)


class ReasonForm(forms.Form):
    reason = _text(later("Reason"))


class ConsentForm(forms.Form):
    indicators = forms.MultipleChoiceField(
        label=later("Indicators"), choices=_indicators, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label=later("May be read for"),
        choices=_purposes,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=later("Choose none, and it may be read for any purpose of the zone."),
    )
    until = forms.DateField(
        label=later("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ShareForm(forms.Form):
    recipient = _text(later("Unified social credit code of the recipient"))
    purpose = forms.ChoiceField(label=later("Purpose"), choices=_purposes)
    until = forms.DateField(label=later("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    indicators = forms.MultipleChoiceField(
        label=later("Indicators"),
        choices=_indicators,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=later("Choose none to hand over all."),
    )


class ImportForm(forms.Form):
    """A file, and what its rows leave out."""

    file = forms.FileField(
        label=later("File"),
        help_text=later(
            "CSV, XLSX or Parquet with the columns 统一社会信用代码, 指标, 数值, 所属期, and 单位 where it matters."
        ),
    )
    source = _text(later("Source"))
    sharing_basis = _text(
        later("Sharing basis"), required=False, hint=later("The law, or the catalogue's number, it was shared under.")
    )
    consent_not_needed = _text(later("Why no consent is needed"), required=False)


class ReadForm(forms.Form):
    purpose = forms.ChoiceField(label=later("Purpose"), choices=_purposes)
    occasion = _text(later("Occasion"), required=False, hint=later("A case's number, or a few words."))
