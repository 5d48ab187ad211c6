"""What pages ask for. Whether it is right is for the rules and actions to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from zonary.common.page_words import later
from zonary.foundation.documents.rules import MAX_TITLE
from zonary.foundation.documents.wording import kinds


class DocumentForm(forms.Form):
    """A new document, with a file small enough to come in one piece."""

    file = forms.FileField(label=later("File"))
    title = forms.CharField(
        label=later("Title"), max_length=MAX_TITLE, required=False, help_text=later("Without one: the file's name.")
    )
    kind = forms.ChoiceField(label=later("Kind"), choices=kinds)
    confidential = forms.BooleanField(
        label=later("Confidential"), required=False, help_text=later("Members who only read do not see it.")
    )
    retain_until = forms.DateField(
        label=later("To be kept until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=later("Where a law says so: until then it can be restricted, not erased."),
    )

    def announced(self) -> dict[str, str]:
        """As an upload announces it."""
        given: dict[str, Any] = self.cleaned_data
        until = given.get("retain_until")
        return {
            "filename": given["file"].name,
            "title": given.get("title", ""),
            "kind": given.get("kind", ""),
            "confidential": "yes" if given.get("confidential") else "",
            "retain_until": "" if until is None else until.isoformat(),
        }


class VersionForm(DocumentForm):
    """Another version: what the document is called and how it is kept stays."""

    title = kind = confidential = retain_until = None  # type: ignore[assignment]


class ShareForm(forms.Form):
    """With whom, and until when; officers may choose a pool, whose members are invited by that to review it."""

    with_zone = forms.BooleanField(label=later("With the zone authority"), required=False)
    uscc = forms.CharField(
        label=later("With the organisation of this unified social credit code"), max_length=40, required=False
    )
    until = forms.DateField(
        label=later("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=later("Without one it is shared until you end it."),
    )

    def __init__(
        self, *arguments: Any, pools: Sequence[tuple[str, str]] = (), is_of_zone: bool = False, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        if is_of_zone:
            del self.fields["with_zone"]
        if pools:
            self.fields["pool"] = forms.ChoiceField(
                label=later("With a pool; its members are invited to review it"),
                choices=[("", later("with no pool")), *pools],
                required=False,
            )
            self.order_fields(["with_zone", "pool", "uscc", "until"])


class ErasureForm(forms.Form):
    reason = forms.CharField(
        label=later("Reason"),
        max_length=200,
        help_text=later("It becomes part of the record: never put into it what is being erased."),
    )
