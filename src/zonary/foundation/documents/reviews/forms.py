from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.foundation.documents.reviews.rules import CAUSES, MAX_NOTE, Answer

ANSWERS = {
    Answer.ACCEPTED: "I review it",
    Answer.DECLINED: "I do not have the time, or it is not my field",
    Answer.RECUSED: "I stand aside: there is a tie to a party or to the matter",
}


class AnswerForm(forms.Form):
    """Whether one reviews a document; standing aside needs its reason."""

    answer = forms.ChoiceField(
        label=later("Your answer"),
        choices=[(each.value, later(word)) for each, word in ANSWERS.items()],
        widget=forms.RadioSelect,
    )
    cause = forms.ChoiceField(
        label=later("Why you stand aside"),
        choices=[("", later("choose, if you stand aside")), *((key, later(word)) for key, word in CAUSES.items())],
        required=False,
    )
    note = forms.CharField(
        label=later("A word on it"),
        help_text=later("Only whoever shared the file reads it."),
        max_length=MAX_NOTE,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("answer") == Answer.RECUSED and not asked.get("cause") and "cause" not in self.errors:
            self.add_error("cause", _("Say why you stand aside: one of the reasons that are offered."))
        return asked
