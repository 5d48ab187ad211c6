"""What people write into the pages."""

from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.services.evidence.dossiers.matters import STAGES, TEMPLATES
from zonary.services.evidence.dossiers.rules import MAX_NOTE, MAX_TITLE, Cover, Template

APART = "/"
"""Between stage and key in the value of a place."""


def matters() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [(key, _(each.name)) for key, each in TEMPLATES.items()]


def stages() -> list[tuple[str, str]]:
    """In the reader's language."""
    return [(stage.value, _(name)) for stage, name in STAGES.items()]


class DossierForm(forms.Form):
    title = forms.CharField(label=later("Title of the dossier"), max_length=MAX_TITLE)
    template = forms.ChoiceField(
        label=later("Kind of matter"), help_text=later("It decides what is asked for at each stage."), choices=matters
    )
    stands_at = forms.ChoiceField(
        label=later("Where the matter stands"),
        help_text=later("What is missing up to here counts as a gap; what comes later does not yet."),
        choices=stages,
    )
    note = forms.CharField(
        label=later("Note"), max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")  # as browsers send what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.cover().is_plain():
            raise forms.ValidationError(later("Write text that can be read, with nothing hidden in it."))
        return cleaned

    def cover(self) -> Cover:
        given = self.cleaned_data
        names = ("title", "template", "stands_at", "note")
        return Cover(**{name: given[name] for name in names})


class ChangeForm(DossierForm):
    """``version`` is that which the form was made from: whoever changed it meanwhile is not overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput())


class FileForm(forms.Form):
    """Which record, and as what; the page of a dossier offers its places."""

    place = forms.ChoiceField(label=later("What it is there for"))
    record = forms.ChoiceField(
        label=later("Which record"), help_text=later("The newest of yours; others are put here from their own page.")
    )

    def __init__(self, *given: Any, template: Template, records: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        offered: dict[str, Any] = self.fields
        offered["place"].choices = places(template)
        offered["record"].choices = records

    def chosen(self) -> tuple[str, str]:
        """Stage and key."""
        stage, _apart, ask = self.cleaned_data["place"].partition(APART)
        return stage, ask


def places(template: Template) -> list[tuple[str, list[tuple[str, str]]]]:
    """The places of a dossier by stage, in the reader's language: what is asked for, and something else."""
    return [
        (
            _(name),
            [
                *((f"{stage}{APART}{ask.key}", _(ask.name)) for ask in template.of_stage(stage)),
                (f"{stage}{APART}", _("Something else of this stage")),
            ],
        )
        for stage, name in STAGES.items()
    ]
