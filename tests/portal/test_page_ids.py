"""Whoever knows the id of another's thing gets no further with it on any page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.enterprise_things import CLAIM, Things, everything, make_things
from tests.five_accounts import browser as any_browser

FILLERS: dict[str, Callable[[Things], str]] = {
    "evidence <str:public_id>": lambda has: has.record,
    "evidence <str:number>": lambda has: has.certificate,
    "dossiers <str:public_id>": lambda has: has.dossier,
    "dossiers <str:item>": lambda has: has.dossier_item,
    "shared <str:share>": lambda has: has.evidence_share,
    "shared <str:own_share>": lambda has: has.evidence_share,
    "shared <str:record>": lambda has: has.record,
    "secrets <str:secret>": lambda has: has.secret,
    "secrets <str:access>": lambda has: has.secret_access,
    "secrets <str:agreement>": lambda has: has.agreement,
    "secrets <str:person>": lambda has: has.officer,
    "captures <str:public_id>": lambda has: has.capture,
    "incentives/documents <str:public_id>": lambda has: has.policy_document,
    "incentives/measures <str:public_id>": lambda has: has.measure,
    "incentives/measures <str:card_change>": lambda has: has.card_change,
    "incentives/measures <slug:pack>": lambda _has: "rd-support",
    "incentives/editor <str:edition>": lambda has: has.policy_edition,
    "incentives/editor <str:pack>": lambda _has: "rd-support",
    "incentives/editor <str:public_id>": lambda has: has.working_draft,
    "incentives/editor <int:number>": lambda _has: "1",
    "incentives/grants <str:batch>": lambda has: has.batch,
    "incentives/grants <str:grant>": lambda has: has.automatic_grant,
    "incentives/grants <str:file>": lambda has: has.payment_file,
    "incentives/grants <str:objection>": lambda has: has.grant_objection,
    "incentives/grants <str:measure>": lambda has: has.measure,
    "incentives/coverage <str:measure>": lambda has: has.measure,
    "incentives <str:decision>": lambda has: has.decision,
    "incentives <str:promise>": lambda has: has.promise,
    "incentives <str:broken>": lambda has: has.broken_promise,
    "incentives <str:kind>": lambda _has: "measure",
    "incentives <str:model>": lambda has: has.measure,
    "incentives <slug:item>": lambda _has: "support",
    "onsite <str:public_id>": lambda has: has.onsite,
    "captures <str:name>": lambda _has: "log.json",
    "receipts <str:public_id>": lambda has: has.act,
    "registry <str:public_id>": lambda has: has.registry[1],
    "registry <str:digest>": lambda has: has.registry[0],
    "receipts <str:correction>": lambda has: has.correction,
    "organization <str:membership>": lambda has: has.membership,
    "organization <str:invitation>": lambda has: has.invitation,
    "webhooks <str:webhook>": lambda has: has.webhook,
    "webhooks <str:delivery>": lambda has: has.delivery,
    "claims <str:claim>": lambda has: has.claim,
    "inbox <str:message>": lambda has: has.message,
    "organization <str:token>": lambda has: has.token,
    "registry <str:document>": lambda has: has.registry_document,
    "documents <str:document>": lambda has: has.document,
    "documents <str:grant>": lambda has: has.grant,
    "documents <int:number>": lambda _has: "1",
    "facts <str:fact>": lambda has: has.fact,
    "facts <str:dispute>": lambda has: has.dispute,
    "facts <str:consent>": lambda has: has.consent,
    "rules <str:draft>": lambda has: has.draft,
    "facts <str:share>": lambda has: has.share,
    "facts <str:subject>": lambda has: has.subject,
    "identity <uuid:check>": lambda has: has.check,
    "administration <uuid:person>": lambda has: has.owner,
    "administration <str:decision>": lambda _has: "lock",
    "administration <uuid:appointment_id>": lambda has: has.owner,
    "account <uuid:person>": lambda has: has.owner,
    "account <int:number>": lambda has: "1",
}
"""First part of the address and a parameter -> what the enterprise has of it; a new one needs a line."""

NOT_IDS = {
    "shared/link/<str:secret>": "whoever has the secret of a share may know that there is one",
    "certificates/<str:number>": "whoever has the number of a certificate may know that it was issued",
    "demonstration/as/<str:role>": "somebody of a made-up story, in a demonstration alone",
    "demonstration/shop/<str:name>": "a file of a made-up shop, in a demonstration alone",
    "rules/packs/<str:pack>/<str:number>": "a released rule, which anybody reads who is decided by it",
    "rules/packs/<str:pack>/<str:number>/pack.json": "the same as a file",
    "rules/packs/<str:pack>/<str:number>/receipt": "the receipt that it was released",
    "rules/drafts/shipped/<str:offered>": "a rule pack that comes with the program, nobody's own",
    "incentives/mine/<str:measure>": "a published measure is everybody's; what is shown is the reader's own",
    "incentives/mine/<str:measure>/keep": "a published measure; what is kept is the reader's own",
    "incentives/mine/<str:measure>/promise/<str:clause>": "a published measure; what is promised is the reader's own",
    "incentives/mine/<str:measure>/not-for-us": "a published measure; said for the reader's own enterprise",
    "incentives/mine/<str:measure>/for-us": "a published measure; said for the reader's own enterprise",
    "incentives/documents/<str:public_id>": "published words, which anybody reads",
    "incentives/documents/<str:public_id>/<int:number>": "published words, which anybody reads",
    "incentives/documents/<str:public_id>/<int:number>.txt": "the same as a file",
    "incentives/measures/<str:public_id>": "a published measure, which anybody reads",
    "incentives/measures/<str:public_id>/changes": "what was changed on it, which anybody reads",
    "incentives/grants/notices/<str:batch>": "a public notice, which anybody reads",
    "incentives/grants/notices/<str:batch>/content.json": "the same as a file",
    "incentives/grants/claim/<str:measure>": "a published measure is everybody's; what is claimed is the reader's own",
    "guide/<str:door>": "a page of words, the same for everybody",
    "organization/join/<str:secret>": "whoever has the secret of an invitation may know what it invites to",
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "a secret, sent by mail",
    "account/2fa/webauthn/keys/<int:pk>/remove/": "the account library's, which looks among the reader's own",
    "account/2fa/webauthn/keys/<int:pk>/edit/": "the account library's, which looks among the reader's own",
    r"account/oidc/^(?P<provider_id>[^/]+)/login/": "an identity provider, nobody's own",
    r"account/oidc/^(?P<provider_id>[^/]+)/login/callback/": "an identity provider, nobody's own",
}
FORM = {
    **CLAIM,
    "reason": "x",
    "conclusion": "passes",
    "grounds": "x",
    "answer": "x",
    "decision": "approve",
    "outcome": "rejected",
    "role": "reader",
} | {
    "stay_as": "agent",
    "title": "x",
    "source_kind": "officer",
    "purpose": "service",
    "name": "n.csv",
    "until": "2099-12-31",
    "consent_not_needed": "x",
    "compared": "licence-seen",
    "to_address": "x",
    "topic": "other",
    "template": "invention",
    "stands_at": "idea",
    "version": "1",
    "place": "idea/",
    "text": "x",
    "returned": "returned",
    "shown": "x",
}
"""What any of the forms asks for; of what it does not know a form takes no notice."""


def browser(who: Any) -> Any:
    client = any_browser(who)
    client.defaults["SERVER_NAME"] = "127.0.0.1"  # the account library asks for the host's name
    return client


def pages() -> Iterator[str]:
    """Addresses with a parameter, as the resolver has them."""
    from django.urls import URLResolver, get_resolver

    def under(resolver: Any, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            address = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from under(each, address)
            elif re.search("[<(]", address) and not address.startswith("api/"):
                yield address

    yield from (address for address in under(get_resolver(), "") if address not in NOT_IDS)


def filler_of(address: str, name: str) -> str:
    """Its line: of the first two parts of the address, where there is one, or of the first."""
    first, second, *_ = address.split("/")
    narrow = f"{first}/{second} {name}"
    return narrow if narrow in FILLERS else f"{first} {name}"


def filled(address: str, has: Things) -> str:
    return "/" + re.sub("<[^>]+>", lambda found: FILLERS[filler_of(address, found[0])](has), address)


@pytest.fixture
def has(five: Any, data: Any, demo: None) -> Things:
    return make_things(five, data)


def test_every_parameter_of_a_page_has_a_filler(migrated: Any) -> None:
    found = list(pages())
    assert len(found) > 20
    named = {filler_of(page, name) for page in found for name in re.findall("<[^>]+>", page)}
    assert named - FILLERS.keys() == set()


def _is_refused(answer: Any) -> bool:
    """A form that was refused goes back where it came from, and says there that it was; a page is not shown."""
    if answer.wsgi_request.method == "POST" and answer.status_code == 302:
        return True
    return answer.status_code in (403, 404, 405, 409, 422)


@pytest.mark.parametrize("who", ["rival", "outsider"])
def test_ids_of_another_enterprise_show_and_do_nothing(five: Any, has: Things, who: str) -> None:
    stranger = browser(getattr(five, who))
    form = FORM | {"uscc": five.competitor.uscc, "grantee": str(five.competitor.public_id)}
    before = everything()
    wrong = []
    for address in pages():
        for ask in (stranger.get, stranger.post):
            answer = ask(filled(address, has), form)
            if not _is_refused(answer):
                wrong.append((answer.wsgi_request.method, address, answer.status_code))
            if everything() != before:
                wrong.append((answer.wsgi_request.method, address, "changed something"))
                before = everything()
    assert wrong == []


def test_nobody_else_is_even_told_that_there_is_something(five: Any, has: Things) -> None:
    """Whoever did not sign in is asked to, whether there is anything or not."""
    nobody = browser(None)
    for address in pages():
        answer = nobody.get(filled(address, has))
        assert answer.status_code in (302, 404, 405), address
        if answer.status_code == 302:
            assert "/account/" in answer["Location"], address


def _is_shown(client: Any, address: str) -> bool:
    """Or takes forms alone."""
    answer = client.get(address, FORM)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # read to its end its file is closed
    return answer.status_code in (200, 405)


def test_those_whose_they_are_see_them(five: Any, has: Things) -> None:
    """The walk above asks for what is there."""
    owner, officer = browser(five.owner), browser(five.officer)
    unseen = [
        address for address in pages() if not any(_is_shown(each, filled(address, has)) for each in (owner, officer))
    ]
    personal = {"facts/<str:fact>/erase"}  # the fact there names no person
    of_security = {"account/people/<uuid:person>/"}  # what is under administration/ is nobody else's either
    over = {"incentives/grants/<str:grant>/object"}  # its notice is over, so nobody objects
    empty = {"incentives/editor/<str:public_id>/tables/<int:number>.xlsx"}  # no table was written there yet
    of_others = {"rules/drafts/<str:draft>/release"}  # asked of whoever did not propose it; it leads to the draft else
    of_pools = {"documents/<str:document>/review"}  # answered by members of a pool the document was shared with
    assert {each for each in unseen if not each.startswith("administration/")} == (
        of_security | personal | of_others | of_pools | over | empty
    )
