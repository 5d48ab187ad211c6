"""What people write into the pages of captures."""

from __future__ import annotations

from django import forms

from zonary.common.page_words import later
from zonary.services.evidence.capture.rules import MAX_ADDRESS
from zonary.services.evidence.forms import subjects
from zonary.services.evidence.rules import Subject


class CaptureForm(forms.Form):
    address = forms.CharField(
        label=later("Address of the page"),
        help_text=later("As it stands in a browser, with https:// or http:// at its beginning."),
        max_length=MAX_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    subject = forms.ChoiceField(
        label=later("What it is about"), choices=subjects, required=False, initial=Subject.INFRINGEMENT.value
    )
    goes_on = forms.BooleanField(
        label=later("Open it even if its certificate is broken"),
        help_text=later("What is wrong with the certificate is recorded and shown either way."),
        required=False,
    )
