"""What the fields of the events of inboxes are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.notifications.inbox.rules import MAILINGS
from zonary.foundation.organizations.happenings import HAPPENINGS

FIELDS: Labels = {
    "mailing": Label("By mail", Shape.FIELDS, words=MAILINGS),
    "by_messenger": Label("By messenger", words=HAPPENINGS),
    "count": Label("Messages"),
}
