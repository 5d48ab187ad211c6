"""What people were told, by which ways it still has to go, and which ways they chose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Message(models.Model):
    """That an act tells somebody: derived from the act, in its own transaction.

    It holds no text: what it says follows from ``kind`` and ``place`` (``ledger.notices``), said in the reader's
    language when it is read.

    :ivar organisation: public id of the one for whose business it is; empty: the person's own.
    :ivar entry: the act; the first, when one action did several alike.
    :ivar names: public id of the organisation it names, or empty.
    :ivar target: what stands in the address of the page to read on, or empty.
    """

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    organisation = models.CharField(max_length=96, default="")
    kind = models.CharField(max_length=96)
    place = models.PositiveSmallIntegerField()
    entry = models.UUIDField()
    names = models.CharField(max_length=96, default="")
    target = models.CharField(max_length=128, default="")
    count = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("person", "organisation", "public_id"), name="inbox_of_a_person"),
            models.Index(
                fields=("person", "organisation"), condition=Q(read_at__isnull=True), name="inbox_unread_of_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"message {self.public_id}"


class Posting(models.Model):
    """A message on its way out: a queue, made with the message.

    :ivar next_at: when it is tried next; None once it is sent or given up.
    :ivar claimed_until: until when the server that took it may be sending it; another one then tries again.
    :ivar is_digest: goes with all others of the day in one mail.
    """

    class Channel(models.TextChoices):
        MAIL = "mail"
        MESSENGER = "messenger"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given-up"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="postings")
    channel = models.CharField(max_length=9, choices=Channel.choices)
    is_digest = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=160, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("message", "channel"), name="inbox_sent_once"),)

    def __str__(self) -> str:
        return f"{self.channel} of {self.message_id}"


class Mailing(models.TextChoices):
    """How often somebody wants mail of something."""

    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


class Wishes(models.Model):
    """How a person wants to be told what they have made no other choice about.

    :ivar language: ``zh`` or ``en``; empty: that of their last sign-in.
    :ivar handle: by what the operator's gateway knows them, such as a telephone number; empty: not by it.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wishes")
    mailing = models.CharField(max_length=5, choices=Mailing.choices, default=Mailing.NOW)
    language = models.CharField(max_length=2, default="")
    handle = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"


class Choice(models.Model):
    """How a person wants to be told of one kind of happening."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="choices")
    kind = models.CharField(max_length=96)
    mailing = models.CharField(max_length=5, choices=Mailing.choices)
    by_messenger = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "kind"), name="inbox_one_choice_a_kind"),)

    def __str__(self) -> str:
        return f"choice of {self.person_id} on {self.kind}"


class Spoken(models.Model):
    """In which language somebody last signed in: their mails are in it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="spoken")
    language = models.CharField(max_length=2)

    def __str__(self) -> str:
        return f"{self.language} of {self.person_id}"
