"""Files the zone asks its experts about."""

from __future__ import annotations

import io

from zonary.foundation.documents.actions import share_document
from zonary.foundation.documents.reviews.actions import accept_review, decline_review, recuse_review
from zonary.foundation.documents.uploads import receive_whole
from zonary.portal.demonstration.stage import Acts, Stage

REVIEWS: tuple[tuple[str, str], ...] = (
    ("专利质押评估意见书（岚川重机 旋挖钻机动力头）", "请就发明专利的稳定性、剩余年限与同类许可费率出具意见。"),
    ("侵权比对材料（旋挖钻机外观，宣传网页）", "请比对被控网页所示整机与外观设计专利的相同点与不同点。"),
    ("整备技术评审（二手旋挖钻机出口前检验）", "请评审整备清单是否覆盖主卷扬、动力头与钻杆的安全项。"),
)
DAYS_LEFT = 3


def files_go_to_the_experts(stage: Stage) -> Acts:
    """Three, to be read until a day of this week or the next."""
    at = yield stage.days.ago(6, 10, 30)
    officer = stage.acting("officer-ip", "zone", at)
    for number, (title, text) in enumerate(REVIEWS, start=1):
        file = io.BytesIO(f"{title}\n\n{text}\n\n本文件为演示资料，人物、单位与数据均为虚构。\n".encode())
        announced = {"filename": f"{title}.txt", "title": title, "kind": "application"}
        version = receive_whole(file, announced, by=officer, at=at)
        document = str(version.document.public_id)
        until = stage.days.ahead(DAYS_LEFT)
        share_document(document, grantee=stage.organisations["pool"], until=until, by=officer, at=at)
        stage.things[f"review-{number}"] = document


def experts_answer(stage: Stage) -> Acts:
    """One accepts, one has no time, one worked for the other side and stands aside; 程砚书 has still to answer."""
    for key, days, hour, number in (("expert-2", 5, 9, 1), ("expert-3", 5, 14, 1), ("expert-4", 4, 11, 2)):
        at = yield stage.days.ago(days, hour, 20)
        expert, document = stage.acting(key, "pool", at), stage.things[f"review-{number}"]
        if key == "expert-2":
            accept_review(document, by=expert, at=at)
        elif key == "expert-3":
            decline_review(document, note="本周在外地评审。", by=expert, at=at)
        else:
            note = "三年前代理过被控一方的商标申请。"
            recuse_review(document, cause="involved", note=note, by=expert, at=at)
