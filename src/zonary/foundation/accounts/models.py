from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    """What the account library asks for; it finds people by the address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A natural person who may sign in.

    ``name`` is what the person says; whether it is known to be true is a matter of :class:`IdentityCheck`. Both
    ``name`` and ``email`` are empty once the person was erased (``erased_at``); ``public_id``, under which the ledger
    knows the person, says nothing about anybody and stays.

    :ivar restricted_until: while a statutory retention period runs, what is kept is restricted, not erased
        (个人信息保护法 art. 47): nobody but the person and the security administrator sees it.
    """

    public_id = models.UUIDField(unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    restricted_at = models.DateTimeField(null=True)
    restricted_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="accounts_one_person_an_address"),
        )

    def __str__(self) -> str:
        return f"person {self.public_id}"


class IdentityCheck(models.Model):
    """How it is known who a person is (实名状态): the latest one counts, none means: only what they say themselves.

    ``source`` names who vouches: an officer who saw the document, or the identity provider that was asked.
    """

    class Method(models.TextChoices):
        DOCUMENT_SEEN = "document-seen"
        IDENTITY_PROVIDER = "identity-provider"
        REVOKED = "revoked"

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_checks")
    method = models.CharField(max_length=24, choices=Method.choices)
    source = models.CharField(max_length=160)
    checked_by = models.CharField(max_length=96)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.method} of {self.person_id}"


class AdminAppointment(models.Model):
    """One of the three administrators who keep each other in check (三员分立); nobody holds two at a time.

    System administrators run the machine, security administrators say who may do what, audit administrators read what
    both did.
    """

    class Role(models.TextChoices):
        SYSTEM = "system"
        SECURITY = "security"
        AUDIT = "audit"

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=8, choices=Role.choices)
    appointed_by = models.CharField(max_length=96)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at__isnull=True), name="accounts_one_admin_role_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} administrator {self.person_id}"


class AccessToken(models.Model):
    """A bearer token, kept only as its SHA-256: with 256 random bits a faster guess does not exist.

    ``owner`` is who acts with it: a person's public id, or the name of a program (the operator's commands).
    ``organisation`` is the public id of the one acted for, or empty. ``scopes`` are separated by spaces; empty means
    everything its owner may do, which only the operator's has.
    """

    public_id = models.UUIDField(unique=True, null=True)
    digest = models.BinaryField(max_length=32, unique=True)
    owner = models.CharField(max_length=96, db_index=True)
    organisation = models.CharField(max_length=96, default="")
    name = models.CharField(max_length=80, default="")
    scopes = models.CharField(max_length=400, default="")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token of {self.owner}"


class CacheEntry(models.Model):
    """The table of Django's database cache: what all web workers have to count together, such as failed sign-ins."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"

    def __str__(self) -> str:
        return self.cache_key
