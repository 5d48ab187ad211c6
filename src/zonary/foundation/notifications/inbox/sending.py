"""Sending what waits: a queue that may be worked off by any server.

Of two that ask for a posting one gets it. After a crash between sending and writing that down a mail goes out again,
under the same ``Message-ID``; nothing is ever lost. While the mail server is down everything waits, longer each time.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q

from zonary.common.language import Language, _, speaking
from zonary.foundation.notifications.inbox.messenger import Messenger, Telling, Told
from zonary.foundation.notifications.inbox.models import Message, Posting, Spoken, Wishes
from zonary.foundation.notifications.inbox.queries import names_in
from zonary.foundation.notifications.inbox.rules import GIVE_UP_AFTER
from zonary.foundation.notifications.inbox.wording import sentence_of
from zonary.foundation.notifications.rules import delay_after
from zonary.foundation.organizations.queries import founded_zone

AT_ONCE = 50
IN_DIGEST = 200
"""Messages one mail tells of; the others come with the next."""
_CLAIM = timedelta(seconds=300)
_State = Posting.State
_READ = "It was read before."
_GONE = "The account is closed, or has no address."


def send_due(clock: Callable[[], datetime], messenger: Messenger | None) -> int:
    """Send what is due; returns how many postings were tried."""
    claimed = _claimed(clock())
    unread = [each for each in claimed if not _drop(each)]
    mails = [each for each in unread if each.channel == Posting.Channel.MAIL]
    if mails:
        _mail(mails, clock)
    for posting in unread:
        if posting.channel == Posting.Channel.MESSENGER:
            _settle([posting], _tell(posting, messenger, clock()), clock())
    return len(claimed)


def _claimed(at: datetime) -> list[Posting]:
    """What is due and was free; the whole digest of a person with its first part."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    due = Posting.objects.filter(free, state=_State.WAITING, next_at__lte=at).select_related("message__person")
    first = list(due.order_by("next_at", "id")[:AT_ONCE])
    readers = {each.message.person_id for each in first if each.is_digest}
    rest = due.filter(is_digest=True, message__person__in=readers).order_by("id")[:IN_DIGEST] if readers else ()
    wanted = {each.pk: each for each in (*first, *rest)}
    return [each for each in wanted.values() if _claim(each, free, at)]


def _claim(posting: Posting, free: Q, at: datetime) -> bool:
    rows = Posting.objects.filter(free, pk=posting.pk, state=_State.WAITING, attempts=posting.attempts)
    return bool(rows.update(claimed_until=at + _CLAIM))


def _drop(posting: Posting) -> bool:
    """Whether there is nobody to send it to, or no more need."""
    message, person = posting.message, posting.message.person
    if not person.is_active or not person.email:
        return _end([posting], _State.GIVEN_UP, _GONE)
    if posting.is_digest and message.read_at is not None:
        return _end([posting], _State.SENT, _READ)
    return False


def _end(postings: Sequence[Posting], state: str, answer: str) -> bool:
    rows = Posting.objects.filter(pk__in=[each.pk for each in postings])
    rows.update(state=state, next_at=None, claimed_until=None, answer=answer[:160])
    return True


def _mail(postings: Sequence[Posting], clock: Callable[[], datetime]) -> None:
    """One connection for all; when there is none to be had, all wait."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _settle(postings, _failure(error), clock())
        return
    try:
        digests: dict[int, list[Posting]] = {}
        for posting in postings:
            if posting.is_digest:
                digests.setdefault(posting.message.person_id, []).append(posting)
        alone = [[posting] for posting in postings if not posting.is_digest]
        for group in (*alone, *digests.values()):
            _settle(group, _send(group, connection), clock())
    finally:
        with suppress(OSError, smtplib.SMTPException):  # what was taken was taken
            connection.close()


def _send(group: Sequence[Posting], connection: BaseEmailBackend) -> Told:
    try:
        _letter([each.message for each in group], connection).send()
    except (OSError, smtplib.SMTPException) as error:
        return _failure(error)
    except ValueError:  # a header or an address that no mail can have: the others go on
        return Told(False, "No mail can be written of it.", is_final=True)
    return Told(True, "")


def _failure(error: Exception) -> Told:
    """What became of it; addresses and answers of the server are not repeated."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Told(False, "The mail server refuses the address.", is_final=all(code >= 500 for code in codes))
    return Told(False, "The mail server cannot be reached, or took nothing.")


def _letter(messages: Sequence[Message], connection: BaseEmailBackend) -> EmailMessage:
    first = messages[0]
    names = names_in(messages)
    with speaking(_language(first)):
        zone = founded_zone()
        called = (zone.name if _language(first) == "zh" else zone.english_name) if zone else "Zonary"
        said = [_line(message, names) for message in messages]
        if len(messages) == 1:
            subject = _("{zone}: {what}", zone=called, what=said[0])
        else:
            subject = _("{zone}: {count} messages for you", zone=called, count=len(messages))
        lines = [line for what, message in zip(said, messages, strict=True) for line in (what, _address(message), "")]
        choose = f"{settings.ZONARY_URL}/inbox/choices"
        foot = _("What you are mailed, and how often, you choose here: {address}", address=choose)
    host = urlsplit(settings.ZONARY_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{first.public_id}.{len(messages)}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday answers it
    }
    body = "\n".join([*lines, "-- ", foot, ""])
    return EmailMessage(subject, body, to=[first.person.email], headers=headers, connection=connection)


def _line(message: Message, names: dict[str, str]) -> str:
    what = sentence_of(message, names)
    return what if message.count == 1 else _("{what} ({count} times)", what=what, count=message.count)


def _address(message: Message) -> str:
    return f"{settings.ZONARY_URL}/inbox/{message.public_id}"


def _language(message: Message) -> Language:
    wishes = Wishes.objects.filter(person=message.person_id).first()
    spoken = Spoken.objects.filter(person=message.person_id).first()
    chosen = (wishes.language if wishes else "") or (spoken.language if spoken else "")
    return "en" if chosen == "en" else "zh"


def _tell(posting: Posting, messenger: Messenger | None, at: datetime) -> Told:
    message = posting.message
    wishes = Wishes.objects.filter(person=message.person_id).first()
    if messenger is None or wishes is None or not wishes.handle:
        return Told(False, "There is no gateway, or it is not to be told.", is_final=True)
    spoken = _language(message)
    with speaking(spoken):
        telling = Telling(
            message=str(message.public_id),
            handle=wishes.handle,
            kind=message.kind,
            sentence=_line(message, names_in([message])),
            language=spoken,
            address=_address(message),
            happened_at=message.made_at,
        )
    return messenger.tell(telling, at=at)


def _settle(group: Sequence[Posting], told: Told, at: datetime) -> None:
    if told.is_taken:
        _end(group, _State.SENT, told.answer)
        return
    for posting in group:
        attempts = posting.attempts + 1
        is_over = told.is_final or at - posting.message.made_at >= GIVE_UP_AFTER
        Posting.objects.filter(pk=posting.pk, attempts=posting.attempts).update(
            state=_State.GIVEN_UP if is_over else _State.WAITING,
            next_at=None if is_over else at + delay_after(attempts),
            claimed_until=None,
            attempts=attempts,
            answer=told.answer[:160],
        )
