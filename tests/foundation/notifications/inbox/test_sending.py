"""Mails and short messages: each comes once, whatever the other side does, in its reader's language."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="messages need the [web] extra")

from tests.five_accounts import ADDRESSES, browser
from tests.foundation.facts.stating import LATER, REASON, record
from tests.foundation.notifications.mail_server import MailServer, start_mail_server
from tests.foundation.notifications.receiver import Receiver, start_receiver

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()


@pytest.fixture
def mails(data: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    from django.conf import settings

    from zonary.config.account_settings import mail_settings
    from zonary.foundation.ledger.layout import DataDirectory

    mails, server = start_mail_server()
    environment = {"ZONARY_EMAIL_URL": f"smtp://127.0.0.1:{mails.port}/"}
    found = mail_settings(environment, DataDirectory(Path("/nonexistent")), "https://zone.example")
    for name, value in {**found, "ZONARY_SENDS_MAIL": True, "ZONARY_URL": "https://zone.example"}.items():
        monkeypatch.setattr(settings, name, value, raising=False)
    yield mails
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(tmp_path: Path, data: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    from django.conf import settings

    from zonary.config.messenger import messenger

    receiver, server = start_receiver(tmp_path, "localhost")
    secret = tmp_path / "gateway.secret"
    secret.write_text(SECRET + "\n", "ascii")
    environment = {
        "ZONARY_MESSENGER_URL": receiver.url,
        "ZONARY_MESSENGER_SECRET_FILE": str(secret),
        "ZONARY_WEBHOOK_CA": str(receiver.certificate),
    }
    monkeypatch.setattr(settings, "ZONARY_MESSENGER", messenger(environment))
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def send() -> Callable[..., int]:
    from django.conf import settings

    from zonary.foundation.notifications.inbox.sending import send_due

    return lambda at: send_due(lambda: at, settings.ZONARY_MESSENGER)


def choose(by: Any, **chosen: Any) -> None:
    from zonary.foundation.notifications.inbox.actions import Chosen, choose_channels

    choose_channels(Chosen(**{"mailing": "now", **chosen}), by=by, at=LATER)


def happen(five: Any) -> Any:
    """The enterprise disputes a fact: an officer has to hear of it."""
    from zonary.foundation.facts.actions import dispute_fact

    return dispute_fact(str(record(five).public_id), reason=REASON, ought="", by=five.owner, at=LATER)


def states() -> list[tuple[str, str]]:
    from zonary.foundation.notifications.inbox.models import Posting

    return list(Posting.objects.order_by("id").values_list("channel", "state"))


def test_a_mail_comes_once_and_says_little(five: Any, mails: MailServer, send: Any) -> None:
    from zonary.foundation.notifications.inbox.queries import inbox

    happen(five)
    assert send(LATER) == 1
    assert send(LATER) == 0
    (mail,) = mails.taken
    message = inbox(five.officer).get(kind="facts.fact.disputed")
    assert mail["To"] == ADDRESSES["officer"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (
        mail["Subject"].strip() == "示例片区管委会：星河精工（虚构）对一项事实提出异议，须由登记人以外的工作人员答复。"
    )
    text = mail.get_content()
    assert f"https://zone.example/inbox/{message.public_id}" in text
    assert REASON not in text
    assert "123456" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_reads_in_the_language_they_last_signed_in_with_or_chose(
    five: Any, mails: MailServer, send: Any, language: str
) -> None:
    from django.contrib.auth import user_logged_in
    from django.test import RequestFactory

    from zonary.common.language import speaking
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.notifications.inbox.messages import note_language

    person = Person.objects.get(public_id=five.officer.person)
    with speaking("en"):
        note_language(person, RequestFactory().get("/"))
    assert "inbox" in {each[0][0] for each in user_logged_in.receivers}
    if language == "zh":
        choose(five.officer, language="zh")
    happen(five)
    send(LATER)
    assert ("disputes a fact" in mails.taken[0]["Subject"]) == (language == "en")


def test_while_the_mail_server_is_down_all_waits_and_then_comes_once(five: Any, mails: MailServer, send: Any) -> None:
    from django.conf import settings

    from zonary.foundation.notifications.inbox.models import Posting

    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    happen(five)
    assert send(LATER) == 1
    assert mails.taken == []
    row = Posting.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.next_at is not None
    assert row.next_at > LATER
    assert send(LATER) == 0
    settings.EMAIL_PORT = working
    assert send(row.next_at) == 1
    assert send(row.next_at + timedelta(hours=5)) == 0
    assert len(mails.taken) == 1
    assert states() == [("mail", "sent")]


def test_a_server_that_breaks_off_took_nothing(five: Any, mails: MailServer, send: Any) -> None:
    mails.breaks = True
    happen(five)
    send(LATER)
    assert states() == [("mail", "waiting")]
    mails.breaks = False
    send(LATER + timedelta(minutes=1))
    assert len(mails.taken) == 1


def test_a_crash_before_the_mail_is_written_down_sends_it_again_under_its_name(
    five: Any, mails: MailServer, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.foundation.notifications.inbox import sending

    happen(five)
    with monkeypatch.context() as broken:

        def crash(*_given: object) -> None:
            raise SystemExit

        broken.setattr(sending, "_settle", crash)
        with pytest.raises(SystemExit):
            send(LATER)
    assert send(LATER + timedelta(seconds=1)) == 0  # it may still be sending
    assert send(LATER + timedelta(hours=1)) == 1
    assert len({mail["Message-ID"] for mail in mails.taken}) == 1
    assert len(mails.taken) == 2


def test_an_address_that_is_refused_is_given_up_and_stops_no_other(five: Any, mails: MailServer, send: Any) -> None:
    from tests.foundation.facts.stating import second_officer

    second_officer(five)
    send(LATER)
    mails.taken.clear()
    mails.refused = {ADDRESSES["officer"]}
    happen(five)
    send(LATER + timedelta(hours=1))
    assert len(mails.to(ADDRESSES["outsider"])) == 1
    assert ("mail", "given-up") in states()
    mails.refused = set()
    assert send(LATER + timedelta(days=1)) == 0


def test_after_days_of_no_server_it_is_given_up_and_stands_in_the_inbox(
    five: Any, mails: MailServer, send: Any
) -> None:
    from django.conf import settings

    from zonary.foundation.notifications.inbox.queries import unread

    settings.EMAIL_PORT = 1
    happen(five)
    send(LATER + timedelta(days=6))
    assert states() == [("mail", "given-up")]
    assert unread(five.officer).filter(kind="facts.fact.disputed").exists()


def test_a_digest_is_one_mail_at_eight_and_leaves_out_what_was_read(five: Any, mails: MailServer, send: Any) -> None:
    from zonary.foundation.notifications.inbox.messages import mark_read
    from zonary.foundation.notifications.inbox.models import Posting
    from zonary.foundation.notifications.inbox.queries import inbox
    from zonary.foundation.organizations.actions import invite_member
    from zonary.foundation.organizations.standing import Standing

    choose(five.rival, mailing="daily")
    for by in (five.owner, five.officer, five.owner):
        invite_member(role="reader", email=ADDRESSES["rival"], until=None, by=by, at=LATER)
    rival = Standing(person=five.rival.person)
    mark_read(rival, str(inbox(rival).order_by("id")[0].public_id), at=LATER)
    assert send(LATER) == 0
    due = Posting.objects.values_list("next_at", flat=True)[0]
    assert due is not None
    assert due.isoformat() == "2026-11-21T00:00:00+00:00"  # eight in the morning in China
    assert send(due) == 3
    (mail,) = mails.taken
    assert mail["Subject"] == "示例片区管委会：您有 2 条消息"
    assert mail.get_content().count("/inbox/0") == 2
    assert send(due) == 0


def test_what_somebody_switched_off_is_not_mailed_but_security_is(five: Any, mails: MailServer, send: Any) -> None:
    from zonary.foundation.notifications.inbox.actions import ChoiceError
    from zonary.foundation.organizations.actions import end_membership

    choose(five.officer, kinds={"facts.fact.disputed": "never"})
    happen(five)
    assert send(LATER) == 0
    choose(five.colleague, mailing="never")
    end_membership(five.colleague.membership, reason="left", by=five.owner, at=LATER)
    assert send(LATER) == 1
    assert mails.taken[0]["To"] == ADDRESSES["colleague"]
    with pytest.raises(ChoiceError):
        choose(five.colleague, kinds={"organizations.membership.ended": "never"})


def test_nothing_goes_to_who_closed_their_account(five: Any, mails: MailServer, send: Any) -> None:
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.organizations.actions import invite_member

    invite_member(role="reader", email=ADDRESSES["outsider"], until=None, by=five.owner, at=LATER)
    close_account(five.outsider.person, reason="", by=five.outsider, at=LATER)
    send(LATER)
    assert mails.taken == []
    assert states() == [("mail", "given-up")]


def test_without_a_mail_server_nothing_is_queued(five: Any) -> None:
    happen(five)
    assert states() == []


def test_the_gateway_gets_what_was_chosen_and_can_tell_where_from(five: Any, gateway: Receiver, send: Any) -> None:
    from zonary.common.clock import now

    judge = pytest.importorskip("standardwebhooks", reason="a development requirement is missing")
    happen(five)
    choose(five.officer, handle="13800000000", by_messenger=frozenset({"facts.fact.corrected"}))
    choose(five.owner, handle="wecom.owner", by_messenger=frozenset({"facts.fact.recorded"}))
    record(five)
    at = now.last_trusted()  # whoever checks a signature asks how old it is
    assert send(at) == 1
    ((_path, headers, body),) = gateway.taken
    told = judge.Webhook(SECRET).verify(body, headers)
    assert told["data"]["to"] == "wecom.owner"
    assert told["data"]["text"] == "片区登记了一项关于贵单位的事实，如有错误请提出异议。"
    assert "/inbox/" in told["data"]["address"]
    assert json.loads(body)["type"] == "facts.fact.recorded"
    gateway.taken.clear()
    gateway.status = 503
    record(five, indicator="staff", value="12", unit="person", at=at)
    assert send(at) == 1
    assert states()[-1] == ("messenger", "waiting")
    gateway.status = 204
    assert send(at + timedelta(minutes=1)) == 1
    assert states()[-1] == ("messenger", "sent")
    assert len({headers["webhook-id"] for _, headers, _ in gateway.taken}) == 1


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("ftp://gateway.example/", SECRET),
        ("https://gateway.example/", ""),
        ("https://gateway.example/", "whsec_c2hvcnQ="),
    ],
)
def test_a_gateway_that_is_none_stops_the_server(tmp_path: Path, url: str, secret: str) -> None:
    from zonary.config.messenger import messenger
    from zonary.proof.errors import Error

    file = tmp_path / "secret"
    file.write_text(secret, "ascii")
    with pytest.raises(Error) as refused:
        messenger({"ZONARY_MESSENGER_URL": url, "ZONARY_MESSENGER_SECRET_FILE": str(file)})
    assert not secret or secret not in str(refused.value)
    assert messenger({}) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_choices_on_the_page(five: Any, demo: None, gateway: Receiver, language: str) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.notifications.inbox.queries import choices_of, wishes_of

    client = browser(five.owner)
    page = client.get(f"/inbox/choices?lang={language}").content.decode()
    assert {"zh": "始终通知的事项", "en": "You are always told"}[language] in page
    form = {"mailing": "daily", "mail documents.document.shared": "now", "messenger documents.document.shared": "on"}
    refused = client.post("/inbox/choices", form)
    assert refused.status_code == 422
    assert {"zh": "请填写手机号", "en": "Say by which number"}[language] in refused.content.decode()
    assert wishes_of(five.owner) is None
    assert client.post("/inbox/choices", {**form, "handle": "138 0000 0000"}).status_code == 302
    wishes = wishes_of(five.owner)
    assert wishes is not None
    assert (wishes.mailing, wishes.handle) == ("daily", "13800000000")
    chosen = choices_of(five.owner)["documents.document.shared"]
    assert (chosen.mailing, chosen.by_messenger) == ("now", True)
    assert choices_of(five.colleague) == {}
    entry = Entry.objects.latest("id")
    assert entry.kind == "inbox.channels.chosen"
    assert "13800000000" in client.get("/inbox/choices").content.decode()
