"""What people write into the pages."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.services.evidence.secrets.rules import (
    DOCUMENT,
    MARKINGS,
    MAX_AGREEMENT,
    MAX_NAME,
    MAX_POINT,
    MAX_REASON,
    MAX_TITLE,
    RETURNS,
)

APART = "/"
"""Between source and public id in the value of a thing."""


def markings() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [(key, _(name)) for key, name in MARKINGS.items()]


def returns() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [("", _("please choose")), *((key, _(name)) for key, name in RETURNS.items())]


def _as_typed(text: object) -> str:
    return str(text).replace("\r\n", "\n")  # as browsers send what was typed


class RegisterForm(forms.Form):
    thing = forms.ChoiceField(
        label=later("What it consists of"),
        help_text=later(
            "Documents you encrypted in your browser, and your newest evidence, of which only digests are here."
        ),
    )
    title = forms.CharField(
        label=later("Title of the secret"),
        max_length=MAX_TITLE,
        help_text=later("Whoever you name sees it. It is never found by a search."),
    )
    marking = forms.ChoiceField(label=later("Marking"), choices=markings)
    point = forms.CharField(
        label=later("Secrecy point"),
        help_text=later(
            "What about it is not known to the public. Only digests of it are recorded, and you can erase it."
        ),
        max_length=MAX_POINT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *given: Any, things: list[tuple[str, str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        named = [(f"{source}{APART}{public_id}", source, title) for source, public_id, title in things]
        offered: Any = self.fields["thing"]
        groups = ((_("Encrypted documents"), True), (_("Evidence"), False))
        offered.choices = [
            (name, [(value, title) for value, source, title in named if (source == DOCUMENT) is is_document])
            for name, is_document in groups
        ]

    def clean_point(self) -> str:
        return _as_typed(self.cleaned_data["point"])

    def chosen(self) -> tuple[str, str]:
        """Source and public id."""
        source, _apart, public_id = self.cleaned_data["thing"].partition(APART)
        return source, public_id


class AgreementForm(forms.Form):
    title = forms.CharField(label=later("Title of the agreement"), max_length=MAX_TITLE)
    text = forms.CharField(
        label=later("Text of the agreement"),
        help_text=later(
            "Whoever accepts it accepts exactly this text; its digests are recorded. A change is a new version."
        ),
        max_length=MAX_AGREEMENT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def clean_text(self) -> str:
        return _as_typed(self.cleaned_data["text"])


class GrantForm(forms.Form):
    member = forms.ChoiceField(label=later("To one of your people"), required=False)
    person = forms.CharField(
        label=later("Or to the outsider of this public number"),
        help_text=later("They find it on the page of their account."),
        max_length=40,
        required=False,
    )
    name = forms.CharField(
        label=later("What you call the outsider"),
        help_text=later("Their name and firm, so that you recognise them later."),
        max_length=MAX_NAME,
        required=False,
    )
    agreement = forms.ChoiceField(
        label=later("Confidentiality agreement"), help_text=later("They see nothing before they accept it.")
    )
    until = forms.DateField(label=later("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *given: Any, members: list[tuple[str, str]], agreements: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        offered: dict[str, Any] = self.fields
        offered["member"].choices = [("", _("nobody of them")), *members]
        offered["agreement"].choices = agreements

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("member")) == bool(cleaned.get("person")):
            raise forms.ValidationError(later("Name one person: one of your people, or an outsider."))
        return cleaned

    def who(self) -> str:
        return str(self.cleaned_data["member"] or self.cleaned_data["person"].strip())


class EndForm(forms.Form):
    reason = forms.CharField(
        label=later("Reason"),
        max_length=MAX_REASON,
        help_text=later("It becomes part of the record: nothing secret in it."),
    )
    erase_point = forms.BooleanField(
        label=later("Erase the secrecy point, too. Nobody can prove then what it was."), required=False
    )


class CheckForm(forms.Form):
    returned = forms.ChoiceField(
        label=later("What came back"),
        help_text=later("What they signed when they left; keep the paper, or register it as evidence."),
        choices=returns,
    )
    note = forms.CharField(label=later("Note"), max_length=MAX_REASON, required=False)
