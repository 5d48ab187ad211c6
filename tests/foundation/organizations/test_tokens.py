"""Tokens that act for a person: what they open, for how long, and that nobody learns more from a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="tokens need the [web] extra")

from tests.five_accounts import AT

LATER = AT + timedelta(hours=1)
END = AT + timedelta(days=30)


@pytest.fixture
def make(five: Any) -> Callable[..., tuple[Any, str]]:
    def make(by: Any, *scopes: str, **changed: Any) -> tuple[Any, str]:
        from zonary.foundation.organizations.actions import issue_personal_token

        wanted: dict[str, Any] = {"scopes": scopes or ("evidence:read",), "expires_at": END, **changed}
        return issue_personal_token(name="import", **wanted, by=by, at=LATER)

    return make


def standing(token: str, at: Any = LATER) -> Any:
    from zonary.foundation.organizations.queries import standing_of_token

    return standing_of_token(token, at=at)


def test_a_token_stands_for_whom_its_owner_stood(five: Any, make: Callable[..., Any]) -> None:
    _, token = make(five.colleague, "evidence:read", "evidence:write")
    found = standing(token)
    assert (found.person, found.organisation, found.role) == (five.colleague.person, five.colleague.holder, "agent")
    assert found.scopes == {"evidence:read", "evidence:write"}
    assert found.may("evidence:write")
    assert not found.may("webhooks:manage")
    _, own = make(five.outsider)
    assert (standing(own).holder, standing(own).organisation) == (five.outsider.person, "")


def test_making_and_revoking_is_recorded_without_the_secret(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.accounts.rules import digest_of_token
    from zonary.foundation.ledger.models import Entry, EntryBody
    from zonary.foundation.organizations.actions import revoke_token

    made, token = make(five.owner)
    revoke_token(str(made.public_id), by=five.owner, at=LATER)
    kinds = list(Entry.objects.order_by("-id").values_list("kind", flat=True)[:2])
    assert kinds == ["organizations.token.revoked", "organizations.personal-token.issued"]
    kept = b"".join(bytes(row.bodies) for row in EntryBody.objects.all())
    assert str(made.public_id).encode() in kept
    assert token.encode() not in kept
    assert digest_of_token(token).hex().encode() not in kept
    assert b"import" not in kept


def test_a_token_ends(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.accounts.queries import is_issued
    from zonary.foundation.organizations.actions import TokenError, revoke_token

    made, token = make(five.owner)
    assert standing(token, END - timedelta(seconds=1)) is not None
    assert standing(token, END) is None
    assert not is_issued(token, at=END)
    with pytest.raises(TokenError):
        revoke_token(str(made.public_id), by=five.colleague, at=LATER)
    assert is_issued(token, at=LATER)
    revoke_token(str(made.public_id), by=five.owner, at=LATER)
    assert standing(token) is None
    assert not is_issued(token, at=LATER)
    with pytest.raises(TokenError):
        revoke_token(str(made.public_id), by=five.owner, at=LATER)


def test_a_token_outlives_neither_membership_nor_account(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.organizations.actions import end_membership

    _, token = make(five.colleague)
    _, alone = make(five.outsider)
    end_membership(five.colleague.membership, reason="left", by=five.owner, at=LATER)
    assert standing(token) is None
    with unrecorded("a person whose account was closed"):
        Person.objects.filter(public_id=five.outsider.person).update(is_active=False)
    assert standing(alone) is None


def test_a_token_follows_its_owners_role(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.organizations.actions import change_membership

    _, token = make(five.colleague, "evidence:write")
    change_membership(five.colleague.membership, role="reader", until=None, by=five.owner, at=LATER)
    assert not standing(token).may_act


@pytest.mark.parametrize(
    "changed",
    [
        {"scopes": ()},
        {"scopes": ("everything",)},
        {"expires_at": LATER},
        {"expires_at": AT},
        {"expires_at": LATER + timedelta(days=367)},
    ],
)
def test_tokens_that_cannot_be(five: Any, make: Callable[..., Any], changed: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import AccessToken
    from zonary.foundation.organizations.actions import TokenError

    with pytest.raises(TokenError):
        make(five.owner, **changed)
    assert not AccessToken.objects.exists()


def test_a_token_makes_no_other(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError

    _, token = make(five.owner, "organization:write")
    with pytest.raises(NotAllowedError):
        make(standing(token))


def test_the_operators_token_is_limited_by_nothing(data: Any) -> None:
    from zonary.foundation.accounts.actions import issue_token
    from zonary.foundation.ledger.actors import SYSTEM

    issue_token("operator-token-operator", by=SYSTEM, owner="operator", at=AT)
    found = standing("operator-token-operator")
    assert (found.actor_id, found.organisation_id, found.scopes) == ("operator", "", None)
    assert standing("operator-token-operatoR") is None
    issue_token("another-token-of-operator", by=SYSTEM, owner="operator", at=AT)
    assert standing("operator-token-operator") is None


def test_everybody_sees_their_own_tokens_alone(five: Any, make: Callable[..., Any]) -> None:
    from zonary.foundation.organizations.queries import tokens_of

    made, _ = make(five.owner)
    assert [each.pk for each in tokens_of(five.owner)] == [made.pk]
    for other in (five.colleague, five.rival, five.officer, five.outsider):
        assert not tokens_of(other).exists()
