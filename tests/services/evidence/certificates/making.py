"""Certificates for tests: a zone in memory, its signer, and packages of every kind."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.proof.package.factory import Zone, opened

NUMBER = "019ab0c4-7c1e-7d3a-9d8e-5b1f2a3c4d5e"
URL = "https://evidence.zone.example"
FILE = b"first"
NAME = "旋挖钻机-动力头减速器-总装图.pdf".encode()


@dataclass
class CertifyingZone:
    """``trust`` is what a user of it has; ``means`` is what it signs with."""

    zone: Zone
    means: Any
    trust: Any
    folder: Path

    def facts(self, package: bytes, *, is_full: bool = True) -> Any:
        from zonary.proof.certificate.facts import VERSION, CertificateFacts, facts_of_package
        from zonary.proof.package.verify import examine

        report = examine(opened(package), trusts=[self.zone.trust])
        return CertificateFacts(
            version=VERSION,
            number=NUMBER,
            issued_at="2026-11-23T10:00:00Z",
            address=f"{URL}/certificates/{NUMBER}",
            development=True,
            package=facts_of_package(package, report),
            **(_full() if is_full else _empty()),
        )

    def certificate(self, facts: Any, package: bytes) -> bytes:
        from zonary.services.evidence.certificates.rendering.signing import sign

        return sign(self.rendered(facts, package), self.means)

    def rendered(self, facts: Any, package: bytes) -> bytes:
        """Not signed."""
        from zonary.services.evidence.certificates.rendering.rendering import render

        return render(facts, package, self.means.signer.chain)

    def page(self, facts: Any, package: bytes) -> Any:
        """What the template reads."""
        from zonary.services.evidence.certificates.rendering.beside import beside
        from zonary.services.evidence.certificates.rendering.page import page_of

        return page_of(facts, beside(package, self.means.signer.chain))

    def of_another_signer(self, folder: Path) -> CertifyingZone:
        """The same log, and a signer nobody named."""
        other = make_zone(folder)
        revocations = (other.means.revocations[0], self.means.revocations[1])
        return replace(self, means=replace(self.means, signer=other.means.signer, revocations=revocations))


def make_zone(folder: Path) -> CertifyingZone:
    from zonary.foundation.ledger.authority import ensure_authority, renew_revocation_list
    from zonary.foundation.ledger.certificate_signer import (
        certificate_revocations,
        ensure_certificate_signer,
        renew_certificate_revocations,
    )
    from zonary.foundation.ledger.layout import DataDirectory
    from zonary.proof.timestamp.development import load_certificates
    from zonary.proof.trust import Trust, TrustedLog
    from zonary.services.evidence.certificates.rendering.signing import SigningMeans

    zone, data, made_at = Zone(), DataDirectory(folder), datetime.now(UTC) - timedelta(minutes=1)
    authority = ensure_authority(data, made_at)
    signer = ensure_certificate_signer(data, made_at, url=URL)
    renew_revocation_list(data, made_at)
    renew_certificate_revocations(data, made_at)
    means = SigningMeans(
        signer=signer,
        authority=authority.authority(),
        authority_chain=authority.ca_pem,
        revocations=certificate_revocations(data),
        clock=lambda: datetime.now(UTC),
    )
    from cryptography.hazmat.primitives.serialization import Encoding

    root = load_certificates(authority.root_pem)[0].public_bytes(Encoding.DER)
    trust = Trust(
        logs=(TrustedLog(zone.key.verifier, f"{URL}/log"),),
        timestamp_roots=(*zone.trust.timestamp_roots, root),
        certificate_roots=(signer.root_der,),
        certificate_signers=(signer.chain[0].public_bytes(Encoding.DER),),
    )
    return CertifyingZone(zone, means, trust, folder)


def disclosure(zone: Zone) -> bytes:
    """A package that shows two of three files."""
    from zonary.proof.disclosure import disclose
    from zonary.proof.manifest import parse_manifest
    from zonary.proof.package.build import write_disclosure

    package = opened(zone.package())
    manifest, file = parse_manifest(package.read("manifest.jsonl")), io.BytesIO()
    indexes = [manifest.named()[name][0] for name in (b"a.txt", b"empty")]
    write_disclosure(file, package, disclose(manifest, indexes))
    return file.getvalue()


def _full() -> dict[str, Any]:
    from zonary.proof.certificate.facts import Declared, Operator, Record, Subject

    topics = {
        "source": "公司设计任务书 2026-07（虚构）。",
        "creation": "由设计一部李工在公司内网工作站上绘制（虚构）。",
        "tool": "SolidWorks 2025 SP3",
        "custody": "存于公司 PDM 系统，仅项目组可写。",
        "handover": "以加密移动硬盘交付，交接单编号 JJ-118。",
        "notarisation": "未办理公证。",
        "witness": "设计评审会三名成员见证。",
        "corroboration": "试验台原始数据可相互印证。",
        "other": "此前未对外公开。",
    }
    return {
        "operator": Operator(
            zone="示范高新技术产业开发区",
            zone_english="Demonstration High-tech Zone",
            name="示范高新区数字服务有限公司（虚构）",
            relation="与当事人无投资、管理或代理关系",
            blockchain_filing="湘网信备00000000000000000001号",
            protection_filing="第三级 00000000000-00001",
            cryptography_filing="2026年度评估：基本符合",
            system="日志保存 184 天，三员分立",
            url=URL,
        ),
        "subject": Subject(
            kind="organisation",
            name="星火燎原智能工程机械与高端装备制造技术研究开发股份有限公司第一分公司（虚构）",
            number="91430100MA4L1234X5",
            is_confirmed=True,
            account="019ab0c4-0000-7d3a-9d8e-5b1f2a3c4d5e",
            account_name="欧阳慕容雪（虚构）",
            identity="document-seen",
            identity_source="高新区政务服务中心 3 号窗口",
            identity_at="2026-11-20T02:00:00Z",
        ),
        "record": Record(
            id="019ab0c4-1111-7d3a-9d8e-5b1f2a3c4d5e",
            registered_at="2026-11-22T03:00:00Z",
            title="旋挖钻机动力头减速器改进设计（第三版）",
            about="invention",
        ),
        "declared": tuple(
            Declared(topic=topic, text=text, who="李某某", happened_on="2026-11-18", declared_at="2026-11-22T03:00:00Z")
            for topic, text in topics.items()
        ),
    }


def _empty() -> dict[str, Any]:
    from zonary.proof.certificate.facts import Operator, Record, Subject

    return {
        "operator": Operator(zone="", url=URL),
        "subject": Subject(kind="person", name="", account="019ab0c4-0000-7d3a-9d8e-5b1f2a3c4d5e"),
        "record": Record(id="019ab0c4-1111-7d3a-9d8e-5b1f2a3c4d5e", registered_at="2026-11-22T03:00:00Z"),
    }
