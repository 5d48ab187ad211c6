"""Documents, their versions, with whom they are shared and who fetched them. Rows are never deleted, but for uploads
that never became whole and contents nothing refers to any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Document(models.Model):
    """One document, whatever versions it has.

    ``holder`` is the public id of the organisation or person whose it is. A ``confidential`` one is not shown to
    members who only read. Until ``retain_until`` a law wants it kept: it can be restricted, not erased.
    One ``set_apart`` is in the care of another part of the application, which alone says who gets to it.
    """

    class Kind(models.TextChoices):
        CONTRACT = "contract"  # 合同
        LICENCE = "licence"  # 证照
        DRAWING = "drawing"  # 图纸
        REPORT = "report"  # 报告
        EVIDENCE = "evidence"  # 证据材料
        APPLICATION = "application"  # 申报材料
        OTHER = "other"

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96, db_index=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    confidential = models.BooleanField(default=False)
    set_apart = models.BooleanField(default=False, db_default=False)  # unknown to a server of the release before
    retain_until = models.DateField(null=True)
    added_by = models.CharField(max_length=96)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"document {self.public_id}"


class Content(models.Model):
    """Bytes in the store, under their SHA-256. One for all versions that consist of them. ``media_type`` is what they
    look like.

    ``remove_after``: from then on it is removed unless a version refers to it. Made before the bytes are written, so
    that what a crash leaves in the store is found and removed.
    """

    sha256 = models.BinaryField(max_length=32, unique=True)
    sm3 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=96)
    remove_after = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"content of {self.size} bytes"


class DocumentVersion(models.Model):
    """What a document was from ``added_at`` on, until the next version.

    ``content`` is None once it was erased. ``encryption`` is empty or ``age``: then the server has ciphertext, and no
    key to it; ``escrow`` says that one of its recipients is the zone's. ``entry`` is the public id of its receipt.
    """

    public_id = models.UUIDField(unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.ForeignKey(Content, on_delete=models.PROTECT, null=True, related_name="versions")
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=96)
    file_name = models.CharField(max_length=200)
    encryption = models.CharField(max_length=8, default="")
    escrow = models.BooleanField(default=False)
    entry = models.CharField(max_length=36)
    added_by = models.CharField(max_length=96)
    added_at = models.DateTimeField()
    restricted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    removal_reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="documents_number_once"),)

    def __str__(self) -> str:
        return f"version {self.public_id}"


class DocumentGrant(models.Model):
    """That ``grantee``, an organisation or a person by public id, may see and fetch a document.

    It ends by ``ended_at``, or with the day ``until``.
    """

    public_id = models.UUIDField(unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="grants")
    grantee = models.CharField(max_length=96, db_index=True)
    until = models.DateField(null=True)
    granted_by = models.CharField(max_length=96)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("document", "grantee"), condition=Q(ended_at__isnull=True), name="documents_one_grant_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"grant {self.public_id}"


class DocumentAccess(models.Model):
    """That somebody else than its holder fetched a version."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="accesses")
    person = models.CharField(max_length=96)
    organisation = models.CharField(max_length=96, default="")
    at = models.DateTimeField()
    entry = models.CharField(max_length=36)

    def __str__(self) -> str:
        return f"access of {self.person}"


class Upload(models.Model):
    """A file that is arriving in pieces; ``offset`` bytes of it are on disk for certain.

    Whoever began it, for whom they stood, goes on with it, and nobody else. ``document`` is the public id of the one
    that gets another version, or empty. Once every byte is here it is ``content``, which is moved into the store; with
    the last step, in one transaction, it becomes ``version``, and only then ``offset`` is ``length``.
    """

    public_id = models.UUIDField(unique=True)
    holder = models.CharField(max_length=96, db_index=True)
    person = models.CharField(max_length=96)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    metadata = models.CharField(max_length=4096, default="")
    document = models.CharField(max_length=36, default="")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, null=True, related_name="uploads")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="uploads")

    def __str__(self) -> str:
        return f"upload {self.public_id}"
