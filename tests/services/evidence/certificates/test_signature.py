"""Judges that are not ours: pdfsig, and pyHanko at the level B-LTA."""

from __future__ import annotations

import asyncio
import io
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.services.evidence.certificates.making import CertifyingZone


def test_pdfsig_accepts_the_signature(pdf: Path, poppler: Any) -> None:
    done = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Signature Validation: Signature is Valid." in done.stdout
    assert "ETSI.CAdES.detached" in done.stdout
    assert "DEVELOPMENT SIGNER - NOT FROM A LICENSED CA" in done.stdout


def test_pdfsig_refuses_a_changed_one(pdf: Path, poppler: Any) -> None:
    content = bytearray(pdf.read_bytes())
    content[content.index(b"/Title") + 8] ^= 1
    pdf.write_bytes(content)
    done = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=False)
    assert "Signature is Valid" not in done.stdout


def _judged(certificate: bytes, trust: Any) -> Any:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.ades import ades_lta_validation
    from pyhanko.sign.validation.policy_decl import (
        PdfSignatureValidationSpec,
        RevinfoOnlineFetchingRule,
        RevocationInfoGatheringSpec,
        SignatureValidationSpec,
    )
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    def policy(roots: Any) -> Any:
        manager = SimpleTrustManager.build([x509.Certificate.load(root) for root in roots])
        return CertValidationPolicySpec(trust_manager=manager, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))

    spec = SignatureValidationSpec(
        cert_validation_policy=policy(trust.certificate_roots),
        ts_cert_validation_policy=policy(trust.timestamp_roots),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
    )
    reader = PdfFileReader(io.BytesIO(certificate))
    [signature] = reader.embedded_regular_signatures
    return asyncio.run(ades_lta_validation(signature, PdfSignatureValidationSpec(spec)))


def test_pyhanko_accepts_all_of_it_at_the_level_b_lta(certificate: bytes, certifying: CertifyingZone) -> None:
    from pyhanko.sign.ades.report import AdESPassed

    assert _judged(certificate, certifying.trust).ades_subindic is AdESPassed.OK


def test_pyhanko_does_not_with_another_root(certificate: bytes, certifying: CertifyingZone, tmp_path: Path) -> None:
    from pyhanko.sign.ades.report import AdESPassed

    other = certifying.of_another_signer(tmp_path)
    trust = replace(certifying.trust, certificate_roots=(other.means.signer.root_der,))
    assert _judged(certificate, trust).ades_subindic is not AdESPassed.OK


def test_both_revocation_lists_and_both_chains_are_inside(certificate: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(certificate))
    store = reader.root["/DSS"]
    assert len(store["/CRLs"]) == 2
    assert len(store["/Certs"]) >= 4
    assert len(reader.embedded_timestamp_signatures) == 1


@pytest.mark.parametrize("kept", [0, 1])
def test_nothing_is_signed_without_every_revocation_list(certifying: CertifyingZone, package: bytes, kept: int) -> None:
    from zonary.services.evidence.certificates.errors import CannotSignError

    means = replace(certifying.means, revocations=certifying.means.revocations[:kept])
    with pytest.raises(CannotSignError, match="revocation list is missing"):
        replace(certifying, means=means).certificate(certifying.facts(package), package)


def test_nor_with_a_revoked_signer(certifying: CertifyingZone, package: bytes) -> None:
    from datetime import UTC, datetime, timedelta

    from zonary.foundation.ledger.certificate_signer import revocation_list
    from zonary.services.evidence.certificates.errors import CannotSignError

    signer = certifying.means.signer
    folder = certifying.folder
    made = revocation_list(
        (folder / "keys/certificate-root.key").read_bytes(),
        (folder / "keys/certificate-root.pem").read_bytes(),
        datetime.now(UTC) - timedelta(seconds=1),
        revoked=[signer.chain[0].serial_number],
    )
    means = replace(certifying.means, revocations=(made, *certifying.means.revocations[1:]))
    with pytest.raises(CannotSignError):
        replace(certifying, means=means).certificate(certifying.facts(package), package)
