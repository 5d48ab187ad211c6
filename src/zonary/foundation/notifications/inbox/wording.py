"""What a message says, in the language in force, and where one reads on."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse

from zonary.common.language import _
from zonary.foundation.ledger.notices import notice_of
from zonary.foundation.notifications.inbox.models import Message
from zonary.foundation.organizations.happenings import HAPPENINGS


def sentence_of(message: Message, names: Mapping[str, str]) -> str:
    """One sentence. It names organisations, which are public, and nothing of what the act was about.

    :param names: public id -> name.
    """
    notice = notice_of(message.kind, message.place)
    if notice is None:
        return _(HAPPENINGS[message.kind]) if message.kind in HAPPENINGS else message.kind
    said = _(notice.sentence, organisation=names.get(message.names) or _unnamed(message))
    return said[:1].upper() + said[1:]


def _unnamed(message: Message) -> str:
    """Of what is told in one message because it is alike, each may be of another organisation.

    Without an organisation it is somebody who acts for themselves.
    """
    if message.names:
        return _("an organisation that is no longer listed")
    return _("more than one organisation") if message.count > 1 else _("somebody")


def address_of(message: Message) -> str:
    """The page to read on; empty when there is none."""
    notice = notice_of(message.kind, message.place)
    if notice is None or not notice.page:
        return ""
    try:
        if notice.argument is None:
            return reverse(notice.page)
        if message.target:
            return reverse(notice.page, args=[message.target])
        return reverse(notice.many) if notice.many else ""
    except NoReverseMatch:
        return ""
