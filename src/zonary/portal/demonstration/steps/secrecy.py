"""What the maker keeps secret: one parameter of its heat treatment, who may see it, and somebody who has left."""

from __future__ import annotations

from datetime import timedelta

from zonary.foundation.organizations.actions import accept_invitation, end_membership, invite_member
from zonary.portal.demonstration.days import Moment
from zonary.portal.demonstration.stage import Acts, Stage
from zonary.portal.demonstration.steps.sealing import register_record
from zonary.proof.digests import digests_of
from zonary.services.evidence.rules import Description
from zonary.services.evidence.secrets.actions import (
    accept_agreement,
    grant_access,
    issue_agreement,
    open_secret,
    register_secret,
)
from zonary.services.evidence.secrets.rules import PAGE, RECORD

CARD = "减振环热处理工艺卡 第五版"
POINT = "减振环二次回火的温度、保温时间与装炉间距的组合：公开的手册只给出单次回火的范围。"
AGREEMENT = "商业秘密保密协议（研发与协作人员）"
TEXT = """一、本协议所称商业秘密，是指本公司标明密级并准许你知悉的技术信息和经营信息。

二、你只为完成约定的工作使用它，不复制到个人设备，不告诉准许范围以外的任何人。

三、你每次查看，系统都会记录时间，并写入无法改动的日志；你也能看到这些记录。

四、离职或协作结束时，你应当返还、删除所持有的全部载体，并在离职核查中确认。

五、违反本协议的，依照反不正当竞争法和双方的约定承担责任。

（本协议为演示资料，内容为虚构。）
"""
OUTSIDER = "桩工装备研究院 裴远之（联合试验）"
_TERM_DAYS = 180


def secret_is_kept(stage: Stage) -> Acts:
    """Only digests of it are here; the agreement was written before anybody was let in."""
    at = yield stage.days.ago(34, 9, 5)
    owner = stage.acting("owner", "maker", at)
    agreement = issue_agreement(AGREEMENT, TEXT, by=owner, at=at)
    stage.things["agreement"] = str(agreement.public_id)
    wanted = Description(title=CARD, note="原件存保密室，编号 LC-密-05。", subject="other")
    record = register_record(digests_of(CARD.encode()), wanted, owner, at)
    kept = register_secret(RECORD, record, title=CARD, marking="core", point=POINT, by=owner, at=at)
    stage.things["secret"] = str(kept.public_id)


def people_are_let_in(stage: Stage) -> Acts:
    """A colleague and a process engineer read it after they accepted; a partner outside has still to accept."""
    yield from _let_in(stage, "colleague", stage.days.ago(33, 9, 40))
    yield from _opens(stage, "colleague", stage.days.ago(32, 11, 0))
    yield from _process_engineer_comes(stage)
    yield from _let_in(stage, "former", stage.days.ago(29, 11, 40))
    yield from _opens(stage, "former", stage.days.ago(28, 14, 10))
    yield from _let_in(stage, "institute", stage.days.ago(5, 15, 20), name=OUTSIDER)
    yield from _opens(stage, "colleague", stage.days.ago(4, 15, 50))


def engineer_leaves(stage: Stage) -> Acts:
    """Their membership ends, and with it what they could see; the check is still to be made."""
    at = yield stage.days.ago(6, 14, 30)
    owner = stage.acting("owner", "maker", at)
    end_membership(stage.things["former-membership"], reason="已离职", by=owner, at=at)


def _process_engineer_comes(stage: Stage) -> Acts:
    at = yield stage.days.ago(30, 11, 20)
    owner, person = stage.acting("owner", "maker", at), stage.alone("former", at)
    _invitation, told = invite_member(role="agent", email=stage.people["former"].email, until=None, by=owner, at=at)
    stage.things["former-membership"] = str(accept_invitation(told, by=person, at=at).public_id)


def _let_in(stage: Stage, key: str, moment: Moment, *, name: str = "") -> Acts:
    """Who is named is outside the company, and answers in their own time."""
    at = yield moment
    person = stage.alone(key, at).person
    until = at.date() + timedelta(days=_TERM_DAYS)
    secret, agreement = stage.things["secret"], stage.things["agreement"]
    owner = stage.acting("owner", "maker", at)
    grant_access(secret, person=person, name=name, agreement=agreement, until=until, by=owner, at=at)
    if not name:
        at = yield moment.later(minutes=10)
        member = stage.acting(key, "maker", at)
        shown = digests_of(TEXT.encode()).hex()["sha256"]
        accept_agreement(secret, shown=shown, by=member, at=at)


def _opens(stage: Stage, key: str, moment: Moment) -> Acts:
    at = yield moment
    open_secret(stage.things["secret"], PAGE, by=stage.acting(key, "maker", at), at=at)
