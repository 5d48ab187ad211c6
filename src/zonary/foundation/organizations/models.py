"""The zone, the organisations in it, and who may act for them. Public ids are UUIDs; rows are never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Organization(models.Model):
    """Whoever is not a natural person.

    ``uscc`` is the 统一社会信用代码 (GB 32100-2015), None for what has none (a pool, a foreign verifier).
    ``registered_by`` says where the row comes from: the public id of whoever founded it here, or of the import.
    ``registry_act`` is the act by which an import last listed or changed it; its receipt proves that it was listed.
    ``confirmation_act`` is the one by which an officer confirmed who acts for it; None: nobody of the zone looked.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise"  # 企业
        INSTITUTE = "institute"  # 科研院所
        ZONE_AUTHORITY = "zone-authority"  # 管委会
        FINANCIAL_INSTITUTION = "financial-institution"  # 金融机构
        EXPERT_POOL = "expert-pool"  # 专家库
        MEDIATOR_POOL = "mediator-pool"  # 调解员库
        INSPECTOR_POOL = "inspector-pool"  # 检查人员名录库
        VERIFIER = "verifier"  # 外部核验方: court, notary, foreign partner

    class State(models.TextChoices):
        LISTED = "listed"  # known from a registry; nobody acts for it here yet
        ACTIVE = "active"  # somebody acts for it
        CLOSED = "closed"

    public_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    name = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, null=True, unique=True)
    industry_code = models.CharField(max_length=5, default="")  # GB/T 4754
    address = models.CharField(max_length=200, default="")
    legal_representative = models.CharField(max_length=60, default="")
    established_on = models.DateField(null=True)
    registry_act = models.UUIDField(null=True)
    confirmation_act = models.UUIDField(null=True)
    registered_by = models.CharField(max_length=96)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        # Lists go by name; a part of a name is looked for in the index alone, which has all that is asked.
        indexes = (models.Index(fields=("name", "id", "kind", "uscc"), name="organizations_by_name"),)

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """This zone; the one row is made by ``zonary init``."""

    name = models.CharField(max_length=80)
    english_name = models.CharField(max_length=120)
    authority = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="zone")
    founded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A part of the zone (片区)."""

    public_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    english_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of the zone authority."""

    public_id = models.UUIDField(unique=True)
    authority = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("authority", "name"), name="organizations_department_once"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a person acts for an organisation, from when, until when, and as what.

    It ends by ``ended_at`` (somebody ended it) or by ``until`` (the last day of a delegation's term, 委托期限); the row
    stays. ``department`` only in the zone authority, whose members are its officers (工作人员).
    """

    class Role(models.TextChoices):
        OWNER = "owner"  # may do everything, and say who else may
        AGENT = "agent"  # 经办人: acts, but invites nobody
        READER = "reader"  # only looks

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="memberships")
    granted_by = models.CharField(max_length=96)
    since = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organization"),
                condition=Q(ended_at__isnull=True),
                name="organizations_one_membership_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.person_id} of {self.organization_id}"


class Invitation(models.Model):
    """An offer of membership to whoever holds the secret of its link; only the secret's SHA-256 is kept.

    ``email`` is whom it was meant for. It is used up by ``accepted_at``, taken back by ``withdrawn_at``.
    """

    public_id = models.UUIDField(unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=8, choices=Membership.Role.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    email = models.EmailField(blank=True)
    secret_digest = models.BinaryField(max_length=32, unique=True)
    until = models.DateField(null=True)
    invited_by = models.CharField(max_length=96)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=96, default="")
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation to {self.organization_id}"


class Claim(models.Model):
    """That a person says to act for an organisation known only from the registry (认领); an officer decides.

    Open until ``decided_at``; ``is_confirmed`` stays None when the claim was withdrawn. ``statement`` is what the
    claimant says for an officer to compare, ``compared`` a key of ``rules.COMPARED``, ``answer`` why it was refused;
    both texts are emptied when the person is erased.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="claims")
    statement = models.CharField(max_length=300, blank=True)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=96, blank=True)
    is_confirmed = models.BooleanField(null=True)
    compared = models.CharField(max_length=24, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organization"),
                condition=Q(decided_at__isnull=True),
                name="organizations_one_open_claim",
            ),
        )
        indexes = (
            models.Index(fields=("public_id",), condition=Q(decided_at__isnull=True), name="organizations_open_claims"),
        )

    def __str__(self) -> str:
        return f"claim on {self.organization_id}"

    @property
    def state(self) -> State:
        if self.decided_at is None:
            return self.State.OPEN
        if self.is_confirmed is None:
            return self.State.WITHDRAWN
        return self.State.CONFIRMED if self.is_confirmed else self.State.REFUSED


class Correction(models.Model):
    """A slip somebody wants mended (更正): which act, what it should be, why; and who else agreed.

    ``changes`` has the fields by name. The act stays as it is: what mends it is another act, which names it.
    ``organization`` is the public id of the one the act belongs to, or empty for a person's own.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        REJECTED = "rejected"

    public_id = models.UUIDField(unique=True)
    act = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=96)
    about = models.CharField(max_length=128)
    organization = models.CharField(max_length=96, blank=True, db_index=True)
    changes = models.JSONField()
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices)
    proposed_by = models.CharField(max_length=96)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=96, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"correction of {self.act}"


class RegistryImport(models.Model):
    """A file of enterprises that is being read in, or was; the same file never is a second time.

    ``rows_done`` is the number of the last row that was looked at, as a spreadsheet counts: it is written with what the
    rows before it changed, so whoever goes on after a crash does nothing twice. ``act`` is that by which it begun.
    """

    class State(models.TextChoices):
        RUNNING = "running"  # or interrupted: whoever imports the file again goes on
        DONE = "done"
        STOPPED = "stopped"  # it could not go on; ``problem_zh`` and ``problem_en`` say why

    public_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, default="")
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices)
    rows = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=1)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    act = models.UUIDField()
    begun_by = models.CharField(max_length=96)
    begun_for = models.CharField(max_length=96, default="")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem_zh = models.CharField(max_length=600, default="")
    problem_en = models.CharField(max_length=600, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("digest", "sheet"), name="organizations_registry_file_once"),)

    def __str__(self) -> str:
        return f"import of {self.file_name}"


class RegistryRemark(models.Model):
    """What had to be said of a row of an imported file, in both languages: why it was refused, or what was kept."""

    registry_import = models.ForeignKey(RegistryImport, on_delete=models.PROTECT, related_name="remarks")
    row = models.PositiveIntegerField()
    is_refused = models.BooleanField()
    column = models.CharField(max_length=200)
    value = models.CharField(max_length=100)
    reason_zh = models.CharField(max_length=600)
    reason_en = models.CharField(max_length=600)

    class Meta:
        indexes = (models.Index(fields=("registry_import", "row"), name="organizations_remark_row"),)

    def __str__(self) -> str:
        return f"row {self.row} of {self.registry_import_id}"
