from __future__ import annotations

from typing import Any

from django import forms

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.foundation.ledger.notices import Notice
from zonary.foundation.notifications.inbox.actions import Chosen
from zonary.foundation.notifications.inbox.rules import MAILINGS, MAX_HANDLE
from zonary.foundation.organizations.happenings import HAPPENINGS

_AS_OTHERS = ""
LANGUAGES = {"": "As on the pages where I last signed in", "zh": "Chinese", "en": "English"}


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, later(word)) for value, word in words.items()]


class ChannelsForm(forms.Form):
    """How one wants to be told; a field for each kind of happening that may be chosen about."""

    mailing = forms.ChoiceField(label=later("Mail"), choices=_choices(MAILINGS))
    language = forms.ChoiceField(label=later("Language"), choices=_choices(LANGUAGES), required=False)
    handle = forms.CharField(
        label=later("Telephone number or name at the gateway"),
        help_text=later("Short messages go there; security notices too, once this is filled in. Empty: none do."),
        max_length=MAX_HANDLE,
        required=False,
    )

    def __init__(self, kinds: list[tuple[str, Notice]], *arguments: Any, has_messenger: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kinds = [kind for kind, notice in kinds if not notice.is_security]
        if not has_messenger:
            del self.fields["handle"]
        several = [(_AS_OTHERS, later("as above")), *_choices(MAILINGS)]
        for kind, notice in kinds:
            if notice.is_security:
                continue
            name = later(HAPPENINGS.get(kind, kind))
            without = [("", later("not by mail, unless chosen")), *several[1:]]
            offered = several if notice.by_default else without
            self.fields[f"mail {kind}"] = forms.ChoiceField(label=name, choices=offered, required=False)
            if has_messenger:
                self.fields[f"messenger {kind}"] = forms.BooleanField(label=later("By messenger"), required=False)

    def rows(self) -> list[tuple[Any, Any]]:
        """Of each kind, the fields for mail and, if there is a gateway, for that."""
        return [
            (self[f"mail {kind}"], self[f"messenger {kind}"] if f"messenger {kind}" in self.fields else None)
            for kind in self.kinds
        ]

    def clean_handle(self) -> str:
        return "".join(self.cleaned_data["handle"].split())

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        by_messenger = any(value for name, value in asked.items() if name.startswith("messenger "))
        if by_messenger and not asked.get("handle") and "handle" not in self.errors:
            message = "Say by which number or name the gateway knows you, or choose nothing to go there."
            self.add_error("handle", _(message))
        return asked

    def chosen(self) -> Chosen:
        asked = self.cleaned_data
        return Chosen(
            mailing=asked["mailing"],
            language=asked["language"],
            handle=asked.get("handle", ""),
            kinds={kind: asked[f"mail {kind}"] for kind in self.kinds if asked.get(f"mail {kind}")},
            by_messenger=frozenset(kind for kind in self.kinds if asked.get(f"messenger {kind}")),
        )
