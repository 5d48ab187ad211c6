"""What people choose and tick."""

from __future__ import annotations

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.services.evidence.exporting.rules import Receiver


def receivers() -> list[tuple[str, str]]:
    """Who may get it, in the reader's language."""
    return [("", _("Choose who it is")), (Receiver.HOME.value, _("in mainland China")), *receivers_abroad()[1:]]


def receivers_abroad() -> list[tuple[str, str]]:
    return [
        ("", _("Choose who it is")),
        (Receiver.AUTHORITY.value, _("a foreign court, or judicial or law-enforcement body")),
        (Receiver.ABROAD.value, _("somebody else abroad")),
    ]


class AcceptForm(forms.Form):
    """The tick is in the page itself, below the text; its value is the digest of what was shown."""

    receiver = forms.ChoiceField(label=later("Who gets it"), choices=receivers_abroad)
