"""Whom events of accounts tell. What the account library mails by itself is not mailed twice."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, about


def _told_to_them(sentence: str) -> Notice:
    """Whoever's account it is hears of it, though they did it themselves: it may have been somebody else."""
    return Notice(sentence=sentence, to=about, page="account", is_security=True, is_mailed=False, tells_actor=True)


NOTICES: dict[str, tuple[Notice, ...]] = {
    "accounts.password.changed": (_told_to_them("The password of your account was changed."),),
    "accounts.second-factor.added": (_told_to_them("A second factor was added to your account."),),
    "accounts.second-factor.removed": (_told_to_them("A second factor was removed from your account."),),
    "accounts.address.removed": (_told_to_them("An e-mail address was removed from your account."),),
    "accounts.provider.linked": (_told_to_them("An identity provider was linked to your account."),),
    "accounts.sign-in.locked-out": (
        Notice(
            sentence="Somebody tried to sign in as you too often; sign-ins are locked for a while.",
            to=about, page="account", is_security=True,
        ),
    ),
    "accounts.admin.appointed": (
        Notice(
            sentence="You were appointed an administrator of this zone.",
            to=about, page="account", is_security=True,
        ),
    ),
    "accounts.identity.checked": (Notice(sentence="Your identity was checked.", to=about, page="account"),),
    "accounts.identity-check.revoked": (
        Notice(sentence="The proof of your identity was revoked.", to=about, page="account", is_security=True),
    ),
}  # fmt: skip
