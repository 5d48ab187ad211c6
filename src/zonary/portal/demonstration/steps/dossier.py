"""The rig's dossier: its evidence by stage, and the gap that it names."""

from __future__ import annotations

from datetime import datetime

from zonary.portal.demonstration.stage import Acts, Stage
from zonary.services.evidence.dossiers.actions import file_evidence, open_dossier
from zonary.services.evidence.dossiers.rules import Cover

COVER = Cover(
    title="旋挖钻机 LC-220 减振钻杆与动力头改造",
    template="invention",
    stands_at="filing",
    note="二手整机整备后出口；拟就钻杆减振结构提出申请。",
)
FILED = (
    (21, "design", "development", "development.drawings"),
    (20, "contract", "filing", ""),
    (11, "trial", "development", "development.tests"),
)
"""Days ago, what it is called in the story, its stage, and what it is there for. Agreements of confidentiality are
missing."""


def dossier_is_opened(stage: Stage) -> Acts:
    """Three weeks ago; what is put into it comes as it came to be."""
    at = yield stage.days.ago(21, 9, 40)
    opened = open_dossier(COVER, by=stage.acting("owner", "maker", at), at=at)
    stage.things["dossier"] = str(opened.public_id)
    for days, name, where, ask in FILED:
        at = yield stage.days.ago(days, 10, 15)
        _file(stage, name, where, ask, at)


def folder_is_filed(stage: Stage) -> Acts:
    """Sealed today, put there today."""
    at = yield stage.days.just_now(30)
    _file(stage, "folder", "development", "development.drawings", at)


def _file(stage: Stage, name: str, where: str, ask: str, at: datetime) -> None:
    owner = stage.acting("owner", "maker", at)
    file_evidence(stage.things["dossier"], stage.things[name], stage=where, ask=ask, by=owner, at=at)
