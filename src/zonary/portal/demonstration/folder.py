"""The rig's design folder: its files, its seal, and a copy in which somebody changed one number.

The files are text, so that what was changed can be seen. What the company would keep beside them (statement, manifest,
tokens) lies in the data directory of the server that made the demonstration, in ``demonstration``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zonary.foundation.ledger.authority import OWN, issuer_of
from zonary.foundation.ledger.layout import make_private_directory, write_durably
from zonary.foundation.ledger.proofs import keys_on, prove, prove_in_second_tree
from zonary.proof.digests import digests_of
from zonary.proof.manifest import build_manifest, file_leaf, join_lines, random_salts, roots_of
from zonary.proof.origin import declared_origin
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.build import Parts, begin, complete
from zonary.proof.package.container import Container
from zonary.proof.package.files import ObservedFile
from zonary.proof.package.report import Report
from zonary.proof.package.stems import token_stem
from zonary.proof.package.verify import examine
from zonary.proof.statement import SALT_SIZE, Statement
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.trust import parse_trust

NAME, TITLE = "旋挖钻机LC-220设计文件", "旋挖钻机 LC-220 整备设计文件夹"
CHANGED, WAS, IS = "02-动力头改造图.csv", "输出扭矩,220,kN·m", "输出扭矩,260,kN·m"
"""The file that was changed in the copy, and the number in it."""
PACKAGE = f"{NAME}.zonary"
FILES: Mapping[str, str] = {
    "00-图纸目录.txt": "旋挖钻机 LC-220 整备出口设计文件\n编制：岚川重机 技术中心\n本资料为演示用途，内容均为虚构。\n",
    "01-总装配表.csv": "序号,部件,图号,数量\n1,底盘总成,LC220-01,1\n"
    "2,动力头总成,LC220-02,1\n3,伸缩钻杆,LC220-03,1\n4,主卷扬,LC220-04,1\n",
    CHANGED: f"项目,数值,单位\n{WAS}\n最高转速,32,r/min\n减速比,1:11.4,\n密封更换周期,1200,h\n",
    "03-钻杆减振结构.csv": "项目,数值,单位\n杆节数,5,节\n单节长度,12.6,m\n减振环间距,850,mm\n适用孔深,58,m\n",
    "04-整备清单.csv": "工序,内容,结论\n1,主卷扬钢丝绳更换,合格\n"
    "2,动力头密封更换,合格\n3,液压系统清洗,合格\n4,整机试钻 24 m,合格\n",
    "05-试钻记录.csv": "时刻,孔深 m,扭矩 kN·m\n09:10,6,118\n09:42,12,146\n10:21,18,171\n11:05,24,188\n",
}
"""Name -> text."""
STATED = {
    "source": "岚川重机 技术中心 PDM 系统导出（虚构）",
    "generated_by": "三维设计软件导出为文本（虚构）",
    "custodian": "技术中心 资料室（虚构）",
    "custody": "只读共享盘，仅资料员可写（虚构）",
}
"""What the company states of where its files come from."""
_FOLDER = "demonstration"
_STATEMENT, _MANIFEST, _PACKAGE_TOKEN, _PLAIN_TOKEN = "statement.json", "manifest.jsonl", "package.tst", "plain.tsr"


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """What a seal keeps: the statement that was registered, and the lines it commits to."""

    statement: bytes
    manifest: bytes


def seal_folder() -> SealedFolder:
    """As ``zonary seal`` would seal it."""
    salts = random_salts(len(FILES) + 1)
    leaves = [
        file_leaf(name.encode(), len(text.encode()), digests_of(text.encode()), salt)
        for (name, text), salt in zip(FILES.items(), salts, strict=False)
    ]
    lines = build_manifest(leaves, folder=True)
    declared = declared_origin(STATED, {})
    statement = Statement(manifest=roots_of(lines), salt=salts[-1][:SALT_SIZE], declared=declared).encode()
    return SealedFolder(statement, join_lines(lines))


def keep_folder(sealed: SealedFolder, *, at: datetime) -> None:
    """Keep the seal with its timestamps, as the company would beside its files."""
    folder = _folder()
    make_private_directory(folder)
    issuer = issuer_of(settings.ZONARY_DATA)
    plain = TimestampRequest.new("sha256", hashlib.sha256(sealed.statement).digest(), cert_request=True)
    listed = hashlib.sha256(asic_manifest(sealed.statement)).digest()
    for name, data in (
        (_STATEMENT, sealed.statement),
        (_MANIFEST, sealed.manifest),
        (_PACKAGE_TOKEN, issuer.issue("sha256", listed, at).der),
        (_PLAIN_TOKEN, issuer.respond(plain.encode(), at)),
    ):
        write_durably(folder / name, data)


def package_of_folder(generation: int | None, index: int | None) -> bytes | None:
    """The folder's package, given its record's place in the log; None where another server keeps the seal.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    try:
        kept = {each: (_folder() / each).read_bytes() for each in (_STATEMENT, _MANIFEST, _PACKAGE_TOKEN, _PLAIN_TOKEN)}
    except FileNotFoundError:
        return None
    proof = prove(generation, index)
    parts = Parts(
        proof=proof,
        log_keys=keys_on(proof),
        second=prove_in_second_tree(generation, index),
        package_token=kept[_PACKAGE_TOKEN],
        plain_token=kept[_PLAIN_TOKEN],
        plain_stem=token_stem(None),
        authority_chain=OWN.chain(settings.ZONARY_DATA).read_bytes(),
    )
    file = io.BytesIO()
    complete(begin(file, kept[_STATEMENT], kept[_MANIFEST]), kept[_STATEMENT], parts)
    return file.getvalue()


def files(*, is_changed: bool) -> dict[str, bytes]:
    """The folder as it was sealed, or with the one number changed."""
    return {name: (text.replace(WAS, IS) if is_changed else text).encode() for name, text in FILES.items()}


def bundle(package: bytes, *, is_changed: bool) -> bytes:
    """A zip with the folder, its package and the trust file: all that somebody needs to check it offline."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files(is_changed=is_changed).items():
            made.writestr(f"{NAME}/{name}", data)
        made.writestr(PACKAGE, package)
        made.writestr("trust.txt", settings.ZONARY_DATA.trust.read_bytes())
    return file.getvalue()


def examined(package: bytes, *, is_changed: bool) -> Report:
    """The verdict on each layer, by the code that ``zonary verify`` uses."""
    trust = parse_trust(settings.ZONARY_DATA.trust.read_bytes())
    return examine(Container(io.BytesIO(package)), trusts=[trust], observed=_observed(is_changed=is_changed))


def _observed(*, is_changed: bool) -> list[ObservedFile]:
    return [
        ObservedFile(
            name=name.encode(),
            path=f"{NAME}/{name}".encode(),
            kind="file",
            size=len(data),
            digests=digests_of(data),
        )
        for name, data in files(is_changed=is_changed).items()
    ]


def _folder() -> Path:
    path: Path = settings.ZONARY_DATA.path / _FOLDER
    return path
