"""Who appears in the demonstration. Nobody here exists: no such area, company, bank or person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zonary.common.page_words import later

ZONE, ZONE_IN_ENGLISH, AUTHORITY = "青屿示范片区", "Qingyu Demonstration Area", "青屿示范片区管委会"
AREAS = (("青屿片区", "Qingyu Area"),)
MAIL = "demo.invalid"
"""No mail reaches it (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody in the story.

    :param key: what steps call them, and the part of their address before ``@``.
    """

    key: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.key}@{MAIL}"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An organisation people of the story act for; ``number`` makes its unified social credit code."""

    key: str
    kind: str
    name: str
    number: int
    owner: str
    address: str
    established: str = "2012-05-18"
    industry: str = "C3516"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who works for the zone authority, in one of its departments."""

    key: str
    department: str
    role: str = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A button of the sign-in page: "
    "who it signs in, for whom, and what they see, in one sentence of the catalogue."""

    key: str
    name: str
    about: str
    organisation: str = ""


CHARACTERS: tuple[Character, ...] = (
    Character("owner", "沈望川"),  # 岚川重机, 知识产权负责人
    Character("colleague", "姜以宁"),
    Character("former", "闻人越"),  # a process engineer of the maker who has left
    Character("rival", "霍启东"),
    Character("inventor", "许见微"),
    Character("loan-officer", "温知夏"),
    Character("institute", "裴远之"),
    Character("head", "周清和"),
    Character("officer", "顾明远"),
    Character("officer-ip", "陆秋白"),
    Character("officer-market", "何静姝"),
    Character("officer-trade", "邵景行"),
    Character("officer-hall", "唐晚晴"),
    Character("expert", "程砚书"),
    Character("expert-2", "方以南"),
    Character("expert-3", "叶知秋"),
    Character("expert-4", "梁思源"),
    Character("expert-5", "秦牧野"),
    Character("expert-6", "苏仲谋"),
    Character("expert-7", "傅云深"),
    Character("expert-8", "贺兰舟"),
    Character("expert-9", "宋清越"),
    Character("it", "乔立言"),
    Character("security", "丁守拙"),
    Character("audit", "蒋闻道"),
    Character("claimant", "白书瑶"),
    Character("claimant-2", "余同舟"),
    Character("neighbour-1", "石磊磊"),
    Character("neighbour-4", "江映雪"),
    Character("neighbour-8", "纪沧澜"),
    Character("neighbour-9", "童采薇"),
    Character("neighbour-10", "柏青川"),
    Character("neighbour-13", "温如故"),
    Character("neighbour-18", "向晚舟"),
    Character("neighbour-20", "凌霜华"),
)
NEIGHBOURS: Mapping[str, int] = {
    each.key: int(each.key.rpartition("-")[2]) for each in CHARACTERS if each.key.startswith("neighbour-")
}
"""Who acts for other enterprises of the registry: key, of the house as well -> its row there."""

MAKER = House(
    key="maker",
    kind="enterprise",
    name="青屿岚川重机装备有限公司",
    number=100,
    owner="owner",
    address="青屿片区望潮路 18 号",
)
RIVAL = House(
    key="rival",
    kind="enterprise",
    name="青屿擎北桩工机械有限公司",
    number=101,
    owner="rival",
    address="青屿片区听涛路 66 号",
    established="2019-09-03",
)
BANK = House(
    key="bank",
    kind="financial-institution",
    name="青屿海岸银行片区支行",
    number=900,
    owner="loan-officer",
    address="青屿片区望潮路 2 号",
)
INSTITUTE = House(
    key="institute",
    kind="institute",
    name="青屿桩工装备研究院",
    number=901,
    owner="institute",
    address="青屿片区观澜路 9 号",
)
POOL = "青屿片区知识产权与装备专家库"

DEPARTMENTS = ("知识产权局", "企业服务局", "市场监督管理局", "国际贸易促进局", "政务服务中心")
OFFICERS = (
    Officer(key="officer", department="知识产权局"),
    Officer(key="officer-ip", department="知识产权局"),
    Officer(key="officer-market", department="市场监督管理局"),
    Officer(key="officer-trade", department="国际贸易促进局"),
    Officer(key="officer-hall", department="政务服务中心", role="reader"),
)
EXPERTS = tuple(each.key for each in CHARACTERS if each.key.startswith("expert-"))
ADMINISTRATORS = {"system": "it", "security": "security", "audit": "audit"}

ROLES: tuple[Role, ...] = (
    Role(
        key="owner",
        name=later("IP manager of a company"),
        about=later(
            "Evidence of a used drilling rig, a disputed figure, what falls due; "
            "benefits that found the company, and one it promised a condition for."
        ),
        organisation="maker",
    ),
    Role(
        key="inventor",
        name=later("Inventor, for themselves"),
        about=later(
            "Three doors: I have an idea, I apply, I was copied. "
            "The zone's benefits are to be read, for enterprises alone."
        ),
    ),
    Role(
        key="officer",
        name=later("Officer of the zone"),
        about=later(
            "What waits today, what is late, and one click to each. "
            "The first of two: made the lists and a payment file, and cannot release them."
        ),
        organisation="zone",
    ),
    Role(
        key="loan-officer",
        name=later("Loan officer of a bank"),
        about=later(
            "The one dossier a company handed over, with sources and dates, and no other. "
            "Of benefits only what is public."
        ),
        organisation="bank",
    ),
    Role(
        key="expert",
        name=later("Expert of the pool"),
        about=later(
            "Files to give an opinion on, and by which day. Has no say in benefits: rules decide, and two officers."
        ),
        organisation="pool",
    ),
    Role(
        key="it",
        name=later("System administrator"),
        about=later("The doctor's report: clock, keys, disk and log. Sees no grant, and lets no money go."),
    ),
    Role(
        key="rival",
        name=later("A competitor"),
        about=later(
            "Looks for the rig's evidence and finds nothing. "
            "Has claimed a subsidy on the spot, and objects to another's grant."
        ),
        organisation="rival",
    ),
    Role(
        key="officer-trade",
        name=later("Second officer of the zone"),
        about=later(
            "The other of two: "
            "releases the payment file and the rules that the first one made, and answers an objection."
        ),
        organisation="zone",
    ),
)
"""In the order of the sign-in page; judges and notaries need no account."""
