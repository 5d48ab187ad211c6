"""What people write into the pages of this service."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import QueryDict

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.common.plain_text import day_of
from zonary.services.evidence.queries import Wanted
from zonary.services.evidence.rules import (
    MARKS,
    MAX_NOTE,
    MAX_TITLE,
    Description,
    Kind,
    Registrations,
    Subject,
)

_DIGEST = re.compile(r"[0-9a-f]{64}")


def subjects() -> list[tuple[str, str]]:
    """What a piece of evidence may be about, in the reader's language."""
    return [
        ("", _("not said")),
        ("idea", _("Idea")),
        ("invention", _("Invention")),
        ("design", _("Design")),
        ("software", _("Software")),
        ("mark", _("Trade mark")),
        ("trade-secret", _("Trade secret")),
        ("contract", _("Contract")),
        ("infringement", _("Clue to an infringement")),
        ("other", _("Something else")),
    ]


class DescriptionForm(forms.Form):
    title = forms.CharField(
        label=later("Title of the evidence"),
        help_text=later("What you call it. Only those who act for you see this."),
        max_length=MAX_TITLE,
    )
    note = forms.CharField(
        label=later("Note"), max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    subject = forms.ChoiceField(label=later("What it is about"), choices=subjects, required=False)

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")  # as browsers send what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.description().is_plain():
            raise forms.ValidationError(later("Title and note are text that can be read, with nothing hidden in it."))
        return cleaned

    def description(self) -> Description:
        return Description.of(SimpleNamespace(**self.cleaned_data))


class WantedForm(forms.Form):
    """Which records are asked for; what cannot be read is passed over, as in any address."""

    q = forms.CharField(label=later("Words of the title"), required=False, max_length=MAX_TITLE)
    subject = forms.ChoiceField(label=later("What it is about"), required=False)
    since = forms.CharField(
        label=later("From this day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.CharField(
        label=later("Up to this day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    dossier = forms.ChoiceField(label=later("Dossier"), required=False)

    def __init__(self, given: QueryDict, dossiers: list[tuple[str, str]]) -> None:
        super().__init__(given)
        offered: dict[str, Any] = self.fields
        offered["subject"].choices = [("", _("all")), *subjects()[1:]]
        offered["dossier"].choices = [("", _("all")), *dossiers]
        if not dossiers:
            del offered["dossier"]

    def wanted(self, among: frozenset[str] | None) -> Wanted:
        given = self.data
        subject = given.get("subject", "")
        return Wanted(
            words=tuple(given.get("q", "")[:MAX_TITLE].split()),
            subject=subject if subject in set(Subject) else "",
            since=day_of(given.get("since")),
            until=day_of(given.get("until")),
            among=among,
        )


class RegisterForm(DescriptionForm):
    """Title, note, and both digests of a file; the script beside the form fills those in.

    ``once`` is made with the form: sent twice, it registers once.
    """

    sha256 = forms.CharField(label=later("SHA-256 of the file"), help_text=later("64 hexadecimal digits"))
    sm3 = forms.CharField(label=later("SM3 of the file"), help_text=later("64 hexadecimal digits"))
    once = forms.UUIDField(widget=forms.HiddenInput())

    def clean_sha256(self) -> str:
        return _digest(self.cleaned_data["sha256"])

    def clean_sm3(self) -> str:
        return _digest(self.cleaned_data["sm3"])

    def registrations(self) -> Registrations:
        pair = bytes.fromhex(self.cleaned_data["sha256"] + self.cleaned_data["sm3"])
        return Registrations(marks=MARKS[Kind.DIGEST], pairs=pair, key=f"form {self.cleaned_data['once']}")


def _digest(text: str) -> str:
    digits = "".join(text.split()).lower()
    if not _DIGEST.fullmatch(digits):
        raise forms.ValidationError(later("This is no digest: 64 digits from 0 to 9 and a to f."))
    return digits
