"""What is sealed in the story: records of single files, an inventor's idea, and the rig's design folder."""

from __future__ import annotations

from datetime import datetime, timedelta

from zonary.common.clock import zone_date
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.folder import TITLE, keep_folder, seal_folder
from zonary.portal.demonstration.stage import Acts, Stage
from zonary.proof.digests import Digests, digests_of
from zonary.services.evidence.actions import register_described
from zonary.services.evidence.declarations.actions import declare_fact
from zonary.services.evidence.declarations.rules import Said
from zonary.services.evidence.rules import MARKS, Description, Kind, Registrations
from zonary.services.evidence.sharing.actions import share_evidence

RECORDS: tuple[tuple[int, str, str, str], ...] = (
    (40, "旋挖钻机 LC-220 整备前检测报告", "检测日与整备方案一致；原件存档案室。", "report"),
    (31, "出口销售合同（中英文本，旋挖钻机一台）", "买方名称已遮盖，价款条款未公开。", "contract"),
    (22, "动力头改造图纸 第二版", "第一版未登记；两版之间的修改见图纸目录。", "design"),
    (12, "整机试钻视频 24 米", "视频由现场服务组拍摄，时长 11 分 40 秒。", "trial"),
)
"""Days ago, title, note, what other steps call it."""
SAID: dict[str, tuple[int, str, str, str]] = {
    "report": (40, "custody", "岚川重机 档案室", "纸质原件存档案室甲柜，扫描件即所登记文件。"),
    "design": (22, "creation", "岚川重机 技术中心", "第二版图纸由技术中心绘制完成，第一版作废。"),
    "trial": (12, "creation", "岚川重机 现场服务组", "在望潮路试验场试钻时拍摄，未经剪辑。"),
}
"""Of which record -> days ago, topic, who, text."""
_MADE_BEFORE = 3
"""Days before it was declared."""
_SUBJECTS = {"contract": "contract", "design": "design"}
CONTRACT = "contract"
IDEA = "一种用于旋挖钻杆的减振连接结构（构思说明）"


def records_are_registered(stage: Stage) -> Acts:
    """Along the rig's way through the workshop."""
    for days, title, note, name in RECORDS:
        at = yield stage.days.ago(days, 16, 45)
        wanted = Description(title=title, note=note, subject=_SUBJECTS.get(name, "other"))
        public_id = register_record(digests_of(title.encode()), wanted, stage.acting("owner", "maker", at), at)
        stage.things[name] = public_id


def what_is_said_of_them(stage: Stage) -> Acts:
    """When and by whom things were made is the maker's word, kept apart from when they were registered."""
    for name, (days, topic, who, text) in SAID.items():
        at = yield stage.days.ago(days, 17, 5)
        made_on = zone_date(at) - timedelta(days=_MADE_BEFORE)
        said = Said(topic=topic, text=text, who=who, happened_on=made_on)
        declare_fact(stage.things[name], said, by=stage.acting("owner", "maker", at), at=at)


def contract_is_shared_with_the_bank(stage: Stage) -> Acts:
    """One record, for a term; the bank sees its receipt and its package, and nothing beside it."""
    at = yield stage.days.ago(8, 11, 20)
    until = stage.days.today + timedelta(days=30)
    owner, bank = stage.acting("owner", "maker", at), stage.organisations["bank"]
    share_evidence("record", stage.things[CONTRACT], grantee=bank, until=until, by=owner, at=at)


def inventor_registers_an_idea(stage: Stage) -> Acts:
    at = yield stage.days.ago(1, 20, 12)
    note = "尚未公开；存证不等于专利申请，申请前请勿对外展示。"
    wanted = Description(title=IDEA, note=note, subject="idea")
    register_record(digests_of(IDEA.encode()), wanted, stage.alone("inventor", at), at)


def folder_is_sealed(stage: Stage) -> Acts:
    """Today, so that its timestamps, which are made now, say what the record says."""
    at = yield stage.days.just_now(60)
    sealed = seal_folder()
    by = stage.acting("owner", "maker", at)
    note = "对整个文件夹存证；存证包与原文件由本公司保管。"
    wanted = Description(title=TITLE, note=note, subject="design")
    public_id = register_record(digests_of(sealed.statement), wanted, by, at, Kind.STATEMENT)
    stage.things["folder"] = public_id
    keep_folder(sealed, at=at)


def register_record(
    digests: Digests, description: Description, by: Standing, at: datetime, kind: Kind = Kind.DIGEST
) -> str:
    """Returns the public id."""
    wanted = Registrations(marks=MARKS[kind], pairs=digests.sha256 + digests.sm3)
    return str(register_described(wanted, description, by=by, at=at).public_ids[0])
