"""The zone, those who work for it, and whom it knows of."""

from __future__ import annotations

from django.conf import settings

from zonary.foundation.organizations.actions import (
    accept_invitation,
    appoint_first_admins,
    found_zone,
    invite_member,
    open_department,
    open_pool,
)
from zonary.foundation.organizations.registry.files import open_registry
from zonary.foundation.organizations.registry.importing import run_import
from zonary.foundation.organizations.registry.uploads import keep_upload, upload_of
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.cast import (
    ADMINISTRATORS,
    AREAS,
    AUTHORITY,
    DEPARTMENTS,
    EXPERTS,
    OFFICERS,
    POOL,
    ZONE,
    ZONE_IN_ENGLISH,
)
from zonary.portal.demonstration.enterprises import registry_csv
from zonary.portal.demonstration.stage import Acts, Stage


def found_the_zone(stage: Stage) -> Acts:
    """周清和 becomes head of the authority; three others keep the machine."""
    at = yield stage.days.ago(60)
    operator = Standing(person="operator")
    names = {"name": ZONE, "english_name": ZONE_IN_ENGLISH, "authority_name": AUTHORITY}
    authority, secret = found_zone(**names, areas=AREAS, by=operator, at=at)
    stage.organisations["zone"] = str(authority.public_id)
    appoint_first_admins({role: stage.comes(key, at) for role, key in ADMINISTRATORS.items()}, by=operator, at=at)
    accept_invitation(secret, by=stage.alone("head", at), at=at)


def officers_come(stage: Stage) -> Acts:
    at = yield stage.days.ago(59)
    head = stage.acting("head", "zone", at)
    departments = {name: str(open_department(name, by=head, at=at).public_id) for name in DEPARTMENTS}
    for officer in OFFICERS:
        person = stage.alone(officer.key, at)
        email = stage.people[officer.key].email
        _invitation, secret = invite_member(
            role=officer.role, email=email, until=None, department=departments[officer.department], by=head, at=at
        )
        accept_invitation(secret, by=person, at=at)


def registry_is_read_in(stage: Stage) -> Acts:
    """82 enterprises, from the registration authority's table."""
    at = yield stage.days.ago(58)
    by = stage.acting("officer-market", "zone", at)
    digest = keep_upload(settings.ZONARY_DATA, [registry_csv()])
    path = upload_of(settings.ZONARY_DATA, digest)
    assert path is not None  # noqa: S101  # nosec B101 - kept on the line before
    file = open_registry(path, name="青屿片区企业名录.csv")
    source = "青屿片区市场监督管理局登记注册科"
    run_import(file, source=source, data=settings.ZONARY_DATA, by=lambda: by, clock=lambda: at)


def pool_is_opened(stage: Stage) -> Acts:
    """Nine experts; 程砚书 keeps the list."""
    at = yield stage.days.ago(56)
    pool, _invitation, secret = open_pool("expert-pool", POOL, by=stage.acting("head", "zone", at), at=at)
    stage.organisations["pool"] = str(pool.public_id)
    accept_invitation(secret, by=stage.alone("expert", at), at=at)
    keeper = stage.acting("expert", "pool", at)
    for key in EXPERTS:
        person = stage.alone(key, at)
        email = stage.people[key].email
        _invitation, secret = invite_member(role="agent", email=email, until=None, by=keeper, at=at)
        accept_invitation(secret, by=person, at=at)
