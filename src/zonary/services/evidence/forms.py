"""What people write into the pages of this service."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.services.evidence.rules import (
    MARKS,
    MAX_NOTE,
    MAX_TITLE,
    Description,
    Kind,
    Registrations,
)

_DIGEST = re.compile(r"[0-9a-f]{64}")


class DescriptionForm(forms.Form):
    title = forms.CharField(
        label=later("Title of the evidence"),
        help_text=later("What you call it. Only those who act for you see this."),
        max_length=MAX_TITLE,
    )
    note = forms.CharField(
        label=later("Note"), max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")  # as browsers send what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.description().is_plain():
            raise forms.ValidationError(later("Title and note are text that can be read, with nothing hidden in it."))
        return cleaned

    def description(self) -> Description:
        return Description.of(SimpleNamespace(**self.cleaned_data))


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
