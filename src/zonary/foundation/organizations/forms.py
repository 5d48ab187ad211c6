"""What people write into the pages about organisations. Plain forms: rules and actions decide, not these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

from zonary.common.clock import end_of_day
from zonary.common.page_words import later
from zonary.foundation.accounts.models import AdminAppointment
from zonary.foundation.accounts.rules import IDENTITY_DOCUMENTS
from zonary.foundation.organizations.actions.founding import Founding
from zonary.foundation.organizations.models import Department, Membership, Organization
from zonary.foundation.organizations.rules import MAX_NAME, MAX_STATEMENT, WrongUSCCError, checked_uscc
from zonary.foundation.organizations.scopes import SCOPES

_KINDS = [
    (Organization.Kind.ENTERPRISE, later("Enterprise")),
    (Organization.Kind.INSTITUTE, later("Research institute")),
    (Organization.Kind.FINANCIAL_INSTITUTION, later("Financial institution")),
    (Organization.Kind.VERIFIER, later("Outside verifier (court, notary, partner)")),
]
ROLES = [
    (Membership.Role.AGENT, later("Agent: acts for it")),
    (Membership.Role.READER, later("Reader: only looks")),
    (Membership.Role.OWNER, later("Owner: decides who acts for it")),
]


MAX_DIGITS = 4
"""In the name of a kind of document; more are the number of one."""


class FoundForm(forms.Form):
    kind = forms.ChoiceField(label=later("What it is"), choices=_KINDS)
    name = forms.CharField(label=later("Name, as in the licence"), max_length=MAX_NAME)
    uscc = forms.CharField(
        label=later("Unified social credit code"),
        help_text=later("18 characters, on the business licence."),
        max_length=40,
        required=False,
    )
    legal_representative = forms.CharField(label=later("Legal representative"), max_length=60, required=False)
    address = forms.CharField(label=later("Address"), max_length=200, required=False)
    statement = forms.CharField(
        label=later("What shows that you act for it"),
        help_text=later(
            "Your position, a phone number of the office; for the officer who confirms a listed enterprise."
        ),
        max_length=MAX_STATEMENT,
        required=False,
    )

    def clean_uscc(self) -> str:
        text: str = self.cleaned_data["uscc"]
        try:
            return checked_uscc(text) if text else ""
        except WrongUSCCError as error:
            raise forms.ValidationError(later(error.msgid, **error.params)) from None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needs_code = (
            Organization.Kind.ENTERPRISE,
            Organization.Kind.INSTITUTE,
            Organization.Kind.FINANCIAL_INSTITUTION,
        )
        if cleaned.get("kind") in needs_code and "uscc" in cleaned and not cleaned["uscc"]:
            self.add_error("uscc", later("Enter the code: without one nobody can tell which organisation this is."))
        return cleaned

    def founding(self) -> Founding:
        said = {name: text for name, text in self.cleaned_data.items() if name != "statement"}
        return Founding(**said)


class _DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MemberForm(forms.Form):
    """A role and a term; for invitations and for changes."""

    role = forms.ChoiceField(label=later("Role"), choices=ROLES)
    until = forms.DateField(
        label=later("Acts until"),
        help_text=later("The last day of the delegation; leave it empty for no end."),
        required=False,
        widget=_DateInput(),
    )

    def term(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        return until


class InviteForm(MemberForm):
    email = forms.EmailField(
        label=later("E-mail address"), help_text=later("For whom the invitation is; you pass the link on yourself.")
    )
    department = forms.ChoiceField(label=later("Department"), required=False)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((str(each.public_id), each.name) for each in departments)]
        if departments:
            self.fields["department"] = forms.ChoiceField(label=later("Department"), choices=choices, required=False)
        else:
            del self.fields["department"]
        self.order_fields(["email", "role", "department", "until"])


class HandOverForm(forms.Form):
    stay_as = forms.ChoiceField(
        label=later("What you are afterwards"),
        choices=[
            (Membership.Role.AGENT, later("Agent: acts for it")),
            (Membership.Role.READER, later("Reader: only looks")),
            ("", later("Nothing: you leave")),
        ],
        required=False,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=later("Reason"), help_text=later("Becomes part of the record for good."), max_length=200
    )


class AppointForm(forms.Form):
    role = forms.ChoiceField(
        label=later("Which of the three"),
        choices=[
            (AdminAppointment.Role.SYSTEM, later("System administrator: runs the machine")),
            (AdminAppointment.Role.SECURITY, later("Security administrator: says who may sign in and who administers")),
            (AdminAppointment.Role.AUDIT, later("Audit administrator: reads what both did")),
        ],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label=later("I have made sure that this is the right person."))


class DepartmentForm(forms.Form):
    name = forms.CharField(label=later("Name of the department"), max_length=80)


class PoolForm(forms.Form):
    kind = forms.ChoiceField(
        label=later("Pool of whom"),
        choices=[
            (Organization.Kind.EXPERT_POOL, later("Pool of experts")),
            (Organization.Kind.MEDIATOR_POOL, later("Pool of mediators")),
            (Organization.Kind.INSPECTOR_POOL, later("Pool of inspectors")),
        ],
    )
    name = forms.CharField(label=later("Name of the pool"), max_length=MAX_NAME)


class CorrectionForm(forms.Form):
    """The fields of an act that can be corrected, and why."""

    reason = forms.CharField(
        label=later("Why it has to be corrected"),
        help_text=later("Becomes part of the record for good."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, fields: dict[str, str], present: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in fields.items():
            self.fields[f"to_{name}"] = forms.CharField(
                label=later(label), initial=present.get(name, ""), max_length=400, required=False
            )
        self.order_fields([f"to_{name}" for name in fields] + ["reason"])
        self._names = list(fields)

    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"to_{name}"] for name in self._names}


class DecisionForm(forms.Form):
    answer = forms.CharField(label=later("Remark"), max_length=400, required=False)


class CodeForm(forms.Form):
    """What somebody shows to the officer in front of them."""

    code = forms.CharField(
        label=later("Code"),
        help_text=later("Eight letters and digits, from the account page of whoever stands before you."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


ANOTHER = "another"


class IdentityForm(forms.Form):
    """Which document was seen."""

    code = forms.CharField(max_length=20, widget=forms.HiddenInput)
    document = forms.ChoiceField(
        label=later("Document you saw"),
        choices=[
            *((kind, later(name)) for kind, name in IDENTITY_DOCUMENTS.items()),
            (ANOTHER, later("Another document")),
        ],
        widget=forms.RadioSelect,
    )
    other = forms.CharField(
        label=later("If it was another: what kind"),
        help_text=later("The kind alone. Write down no number of any document."),
        max_length=80,
        required=False,
    )
    same = forms.BooleanField(label=later("The picture is theirs, and the name on it is the one shown above."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        other = cleaned.get("other", "")
        if cleaned.get("document") == ANOTHER and not other:
            self.add_error("other", later("Say which document you saw."))
        if sum(each.isdecimal() for each in other) > MAX_DIGITS:
            self.add_error("other", later("That looks like a number. Write down the kind of document alone."))
        return cleaned

    def source(self) -> str:
        document: str = self.cleaned_data["document"]
        return str(self.cleaned_data["other"]) if document == ANOTHER else document


class TokenForm(forms.Form):
    name = forms.CharField(
        label=later("Name of the token"), help_text=later("Such as the program that uses it."), max_length=80
    )
    scopes = forms.MultipleChoiceField(
        label=later("What it may do"),
        choices=[(scope, later(sentence)) for scope, sentence in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label=later("Last day"), help_text=later("At most a year from now; it ends by itself."), widget=_DateInput()
    )

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day.year >= 9999:
            raise forms.ValidationError(later("There is no such day."))
        return day

    def expires_at(self) -> datetime:
        return end_of_day(self.cleaned_data["last_day"])
