"""What the fields of the events of accounts are called."""

from __future__ import annotations

from collections.abc import Mapping

from zonary.common.language import _
from zonary.foundation.accounts.actions.leaving import RETENTION, RETENTION_BASIS
from zonary.foundation.accounts.rules import IDENTITY_DOCUMENTS
from zonary.foundation.ledger.act_labels import Label, Labels, Shape

ADMIN_ROLES = {
    "system": "System administrator",
    "security": "Security administrator",
    "audit": "Audit administrator",
}
_SHOWN = {
    "password": "Password",
    "totp": "Authenticator app",
    "webauthn": "Passkey",
    "passkey": "Passkey",
    "recovery_codes": "Recovery code",
    "code": "Mailed code",
}


def _seconds(value: object, _body: Mapping[str, object]) -> str:
    return _("{count} seconds", count=str(value))


FIELDS: Labels = {
    "appointment": Label("Number of the appointment", Shape.CODE),
    "role": Label("Role", words=ADMIN_ROLES),
    ("accounts.sessions.ended", "count"): Label("Places signed out"),
    "check": Label("Number of the check", Shape.CODE),
    ("accounts.identity.checked", "method"): Label(
        "How it is known", words={"document-seen": "Document seen", "identity-provider": "Identity provider"}
    ),
    ("accounts.identity.checked", "source"): Label("Source", words=IDENTITY_DOCUMENTS),
    "method": Label("What was tried", words=_SHOWN),
    "owner": Label("Who uses it", Shape.WHO),
    "until": Label("Kept until", Shape.DAY),
    "basis": Label("Legal basis", words={RETENTION_BASIS: RETENTION.msgid}),
    "acts": Label("Acts of which the content was erased"),
    "client": Label("Network address", Shape.TEXT),
    "agent": Label("Browser or program"),
    "methods": Label("What was shown", words=_SHOWN),
    "began": Label("Signed in there since", Shape.MOMENT),
    "seconds": Label("For how long", tell=_seconds),
    "how": Label(
        "How", words={"set": "The first one", "changed": "By who knew the old one", "reset": "By a mailed link"}
    ),
    "address": Label("Number of the address"),
    "is_confirmed": Label("Confirmed"),
    "is_primary": Label("Used to sign in"),
    "factor": Label("Second factor", words={**_SHOWN, "recovery_codes": "Recovery codes"}),
    "number": Label("Number of the factor"),
    "provider": Label("Identity provider"),
}
