"""One zone and one certificate for all that is asked of certificates."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.services.evidence.certificates.making import NAME, CertifyingZone, make_zone

for _needed in ("django", "pyhanko", "typst", "noto_cjk_sans_otc"):
    pytest.importorskip(_needed, reason="certificates need the [web] extra")


@pytest.fixture(scope="module")
def certifying(tmp_path_factory: pytest.TempPathFactory) -> CertifyingZone:
    return make_zone(tmp_path_factory.mktemp("zone"))


@pytest.fixture(scope="module")
def package(certifying: CertifyingZone) -> bytes:
    return certifying.zone.package({NAME: b"first"})


@pytest.fixture(scope="module")
def certificate(certifying: CertifyingZone, package: bytes) -> bytes:
    return certifying.certificate(certifying.facts(package), package)


@pytest.fixture
def pdf(certificate: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(certificate)
    return path


@pytest.fixture(scope="session")
def poppler() -> Any:
    """pdfsig, pdftotext, pdfdetach and their like."""
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is missing: apt install poppler-utils")
    return True
