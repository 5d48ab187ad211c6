"""What this service keeps beside the ledger, which has the evidence itself.

The index of digests is derived from the ledger and may be dropped and built again at any time; see
:mod:`~zonary.services.evidence.digest_index` for what its rows mean.
"""

from __future__ import annotations

from django.db import models

from zonary.services.evidence.rules import MAX_NOTE, MAX_TITLE, Description, Subject


class EvidenceTimestamps(models.Model):
    """The two tokens of a package the server makes: made once, so that a package asked for again is the same.

    ``authority`` is what the authority is called that made them; ``chain`` its certificates in PEM, empty for those of
    this server itself, which lie in a file.
    """

    public_id = models.UUIDField(primary_key=True)
    package_token = models.BinaryField()
    plain_token = models.BinaryField()
    authority = models.CharField(max_length=40, default="own")
    chain = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"timestamps of {self.public_id}"


class FurtherTimestamp(models.Model):
    """What another authority is asked for, and in the end has signed: a queue that may be worked off by any server.

    ``statement`` is the SHA-256 of the statement, which the token covers; ``token`` and ``chain`` are empty while it
    waits, and for the authority that made the two tokens of the package. ``tries`` counts what failed: what fails again
    and again lets others go first.
    """

    public_id = models.UUIDField()
    authority = models.CharField(max_length=40)
    statement = models.BinaryField(max_length=32)
    token = models.BinaryField(default=b"")
    chain = models.BinaryField(default=b"")
    wanted_at = models.DateTimeField()
    there_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("public_id", "authority"), name="evidence_one_of_an_authority"),)
        indexes = (
            models.Index(fields=("statement",), name="evidence_of_a_statement"),
            models.Index(
                fields=("authority", "tries", "id"),
                name="evidence_waits_for_authority",
                condition=models.Q(there_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"timestamp of {self.public_id} by {self.authority}"


class AuthorityState(models.Model):
    """How it went with another authority of late; asked again not before ``next_at``.

    ``problem`` is a sentence and what fills it, as JSON; of the last failure, also when it has answered since.
    """

    name = models.CharField(max_length=40, primary_key=True)
    answered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.TextField(default="")
    next_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"authority {self.name}"


class EvidenceRecord(models.Model):
    """What its holder calls a piece of evidence: for finding it again, and for nobody else to see.

    ``public_id`` is that of the item in the ledger, which is the evidence itself. ``holder`` is the public id of the
    organisation it was registered for, else of the person. Registrations in batches have none of these.
    """

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96)
    title = models.CharField(max_length=MAX_TITLE)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    subject = models.CharField(max_length=16, blank=True, choices=[(each.value, each.name) for each in Subject])
    registered_by = models.CharField(max_length=96)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("holder", "public_id", "title"), name="evidence_of_a_holder"),
            models.Index(fields=("holder", "subject", "public_id"), name="evidence_of_a_subject"),
        )

    def __str__(self) -> str:
        return f"record {self.public_id}"

    def description(self) -> Description:
        return Description.of(self)


class EvidenceMaterial(models.Model):
    """What the statement of a record was made of, kept for whom it belongs to, so that its package can be made here.

    ``manifest`` is compressed (zlib) and has ``size`` bytes when it is not. ``entry`` is the public id of the act by
    which it came.
    """

    public_id = models.UUIDField(primary_key=True)
    holder = models.CharField(max_length=96, db_index=True)
    statement = models.BinaryField()
    manifest = models.BinaryField()
    size = models.BigIntegerField()
    entry = models.CharField(max_length=36)

    def __str__(self) -> str:
        return f"material of {self.public_id}"


class DigestIndex(models.Model):
    """The one row that whoever changes the index locks first.

    ``secret`` keys the tags: without it nobody can make digests that fall together, or test a guess at one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    secret = models.BinaryField()

    def __str__(self) -> str:
        return "index of digests"


class DigestRun(models.Model):
    """The sorted tags of all evidence at places beyond ``after`` up to ``until``; there whole or not at all.

    ``building``: nobody reads it. ``ready``: it is the index. ``retired``: a merged one has taken its place.
    ``cursor`` is the last record copied into a merged one. ``erasures`` counts what was erased while it was built from
    the ledger.
    """

    class State(models.TextChoices):
        BUILDING = "building"
        READY = "ready"
        RETIRED = "retired"

    state = models.CharField(max_length=8, choices=State.choices)
    level = models.PositiveSmallIntegerField()
    after = models.BigIntegerField()
    until = models.BigIntegerField()
    entries = models.BigIntegerField()
    cursor = models.BinaryField(default=b"")
    erasures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "after"), name="evidence_digest_run_once"),)

    def __str__(self) -> str:
        return f"{self.state} run of level {self.level} beyond {self.after}"


class DigestPage(models.Model):
    """Some hundred records of a run, in order; ``first`` is at most its first record and above the page before it."""

    run = models.ForeignKey(DigestRun, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    first = models.BinaryField(max_length=16)
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "first"), name="evidence_digest_page_once"),)

    def __str__(self) -> str:
        return f"page of run {self.run_id}"
