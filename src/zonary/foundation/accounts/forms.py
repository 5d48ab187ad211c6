"""Fields the account library's forms have here beyond its own."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from zonary.common.language import _
from zonary.common.page_words import later
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.rules import MAX_NAME, is_writable_name


class RegistrationForm(forms.Form):
    """The library's registration form derives from this one."""

    name = forms.CharField(max_length=MAX_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "email", "password1")

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["name"].label = _("Your name")
        self.fields["name"].help_text = _("As in your identity document, if you will act for an enterprise.")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if not is_writable_name(name):
            raise forms.ValidationError(_("A name has letters, and no line breaks or invisible signs."))
        return name

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by the library when the person is saved; nothing is left to do."""


class CloseForm(forms.Form):
    """One's own account."""

    reason = forms.CharField(
        label=later("Reason"), help_text=later("You need not give one."), max_length=200, required=False
    )
    sure = forms.BooleanField(label=later("I understand that this cannot be undone."))


class ClosePersonForm(forms.Form):
    """Somebody else's account: why is asked for."""

    reason = forms.CharField(
        label=later("Reason"), help_text=later("It is recorded, and erased with the person."), max_length=200
    )
    sure = forms.BooleanField(label=later("I understand that this cannot be undone."))


class FindPersonForm(forms.Form):
    person = forms.CharField(label=later("E-mail address or public number"), max_length=254)
