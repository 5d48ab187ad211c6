"""``zonary verify CERTIFICATE.pdf``: what is genuine, and what a clerk is told of what is not."""

from __future__ import annotations

import builtins
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.services.evidence.certificates.making import NAME, NUMBER, CertifyingZone, disclosure
from tests.services.evidence.certificates.resigning import with_everything
from tests.services.evidence.certificates.samples import swap_attachment, updated

Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(certifying: CertifyingZone, tmp_path: Path, capsys: Any, monkeypatch: Any) -> Verify:
    """The exit code and everything that was printed, in English unless asked otherwise."""
    from zonary.cli.main import main
    from zonary.common.language import choose

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    trust = tmp_path / "zone.trust"
    trust.write_bytes(certifying.trust.encode())

    def run(content: bytes, *more: str, is_trusted: bool = True, language: Any = "en") -> tuple[int, str]:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(content)
        choose(language)
        code = main(["verify", str(path), *more, *(["--trust", str(trust)] if is_trusted else [])])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_a_genuine_one_verifies_with_the_package_and_the_file(
    verify: Verify, certificate: bytes, tmp_path: Path
) -> None:
    file = tmp_path / NAME.decode()
    file.write_bytes(b"first")
    code, said = verify(certificate, str(file))
    assert code == 0, said
    assert "Result: VERIFIED (the certificate and the package inside)" in said
    assert "Holder, as the certificate states: 星火燎原智能工程机械" in said
    assert f"Number {NUMBER}: digests, log, times and list of files stated on its pages are those" in said
    assert "its signature is only as good as this operator's word" in said
    assert "Who made the files, or whose they are." in said
    assert "核验通过（证书及内附的存证包）" in verify(certificate, language="zh")[1]


def test_another_file_does_not(verify: Verify, certificate: bytes, tmp_path: Path) -> None:
    file = tmp_path / NAME.decode()
    file.write_bytes(b"another")
    assert verify(certificate, str(file))[0] == 1


def test_without_a_trust_file_the_origin_is_not_established(verify: Verify, certificate: bytes) -> None:
    code, said = verify(certificate, is_trusted=False)
    assert code == 2
    assert "Result: consistent, origin not established" in said
    assert "you have not said that you trust its signer" in said


def test_the_json_says_the_same(verify: Verify, certificate: bytes) -> None:
    code, said = verify(certificate, "--json")
    value = json.loads(said)
    assert (code, value["result"], value["number"]) == (0, "verified", NUMBER)
    assert {each["verdict"] for each in value["layers"]} == {"verified"}


@pytest.mark.parametrize("kind", ["folder", "disclosure"])
def test_of_a_folder_and_of_a_disclosure(verify: Verify, certifying: CertifyingZone, kind: str) -> None:
    package = disclosure(certifying.zone) if kind == "disclosure" else certifying.zone.package()
    assert verify(certifying.certificate(certifying.facts(package), package))[0] == 0


def test_a_pdf_changed_after_it_was_signed(verify: Verify, certificate: bytes) -> None:
    for marker in (b"/Title", b"/EmbeddedFiles", b"/Annots"):
        content = bytearray(certificate)
        content[content.index(marker) + 2] ^= 1
        code, said = verify(bytes(content))
        assert code == 1
        assert "NOT VERIFIED" in said
    content = bytearray(certificate)
    content[content.index(b"/Title") + 12] ^= 1
    assert "changed after it was signed: it is not the certificate that was issued" in verify(bytes(content))[1]


def test_a_swapped_attachment(verify: Verify, certificate: bytes, certifying: CertifyingZone) -> None:
    other = certifying.zone.package({NAME: b"other"})

    code, said = verify(updated(certificate, swap_attachment(other)))
    assert code == 1
    assert "added to the PDF, or replaced in it, after it was signed" in said
    assert "made about another package than the one attached" in said


def test_a_page_added_after_the_signature(verify: Verify, certificate: bytes) -> None:
    def add(writer: Any) -> None:
        from pyhanko.pdf_utils.generic import NameObject, TextStringObject

        writer.root[NameObject("/Lang")] = TextStringObject("xx")
        writer.update_root()

    code, said = verify(updated(certificate, add))
    assert (code, "after it was signed" in said) == (1, True)
    assert verify(certificate + b"\n% and more\n")[0] == 1


def test_one_made_around_another_s_package(
    verify: Verify, certifying: CertifyingZone, package: bytes, tmp_path: Path
) -> None:
    """The package is genuine and the number is free; who signs is not whom the trust file names."""
    forger = certifying.of_another_signer(tmp_path / "forger")
    code, said = verify(forger.certificate(certifying.facts(package), package))
    assert code == 1
    assert "anybody can make such a file around a package that is not theirs" in said


def test_the_zone_s_own_about_another_package(verify: Verify, certifying: CertifyingZone, package: bytes) -> None:
    other = certifying.zone.package({NAME: b"other"})
    code, said = verify(certifying.certificate(certifying.facts(package), other))
    assert code == 1
    assert "The certificate was made about another package than the one attached to it" in said
    assert "statement_sha256" in said


@pytest.mark.parametrize("address", ["https://elsewhere.example/certificates/1", "javascript:alert(1)"])
def test_a_qr_code_that_leads_elsewhere(
    verify: Verify, certifying: CertifyingZone, package: bytes, address: str
) -> None:
    facts = msgspec.structs.replace(certifying.facts(package), address=address)
    code, said = verify(certifying.certificate(facts, package))
    assert code == 1
    assert "The QR code or a link of the certificate leads elsewhere" in said
    assert "二维码或链接指向别处" in verify(certifying.certificate(facts, package), language="zh")[1]


def test_of_a_server_that_has_moved_it_is_said_and_no_more(
    verify: Verify, certifying: CertifyingZone, package: bytes
) -> None:
    facts = certifying.facts(package)
    operator = msgspec.structs.replace(facts.operator, url="https://before.example")
    address = f"https://before.example/certificates/{NUMBER}"
    facts = msgspec.structs.replace(facts, operator=operator, address=address)
    code, said = verify(certifying.certificate(facts, package))
    assert (code, f"Its QR code leads to {address}; your trust file has this log elsewhere" in said) == (0, True)


def test_a_token_of_sm2_is_no_obstacle_where_there_is_no_sm2(
    verify: Verify, certifying: CertifyingZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zonary.proof.sm2 import libcrypto

    package, _roots = with_everything(certifying.zone)
    made = certifying.certificate(certifying.facts(package), package)
    monkeypatch.setattr(libcrypto, "_candidates", lambda: iter(()))
    libcrypto._found.cache_clear()
    try:
        code, said = verify(made)
    finally:
        libcrypto._found.cache_clear()
    assert code == 0, said
    assert "timestamps/national.tst counts for nothing here" in said
    assert "OpenSSL 3 with SM2" in said
    assert "Result: VERIFIED (the certificate and the package inside)" in said


def test_one_without_a_signature(verify: Verify, certifying: CertifyingZone, package: bytes) -> None:
    code, said = verify(certifying.rendered(certifying.facts(package), package))
    assert code == 1
    assert "does not carry one signature" in said


def test_a_pdf_that_is_no_certificate(verify: Verify) -> None:
    from pyhanko.pdf_utils.writer import PdfFileWriter

    out = io.BytesIO()
    PdfFileWriter().write(out)
    code, said = verify(out.getvalue())
    assert code == 1
    assert "zonary:" in said
    for broken in (b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF\n" * 30, out.getvalue()[:-40]):
        assert verify(broken)[0] == 1


def test_without_the_reader_one_sentence_says_what_to_install(
    verify: Verify, certificate: bytes, monkeypatch: Any
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyhanko"):
            raise ImportError(name=name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    code, said = verify(certificate)
    assert code != 0
    assert "pip install 'zonary[certificates]'" in said


def test_facts_of_another_version_are_not_guessed_at() -> None:
    from zonary.proof.certificate.facts import parse_facts
    from zonary.proof.errors import MalformedError, UnsupportedError

    with pytest.raises(UnsupportedError):
        parse_facts(b'{"version":"zonary-certificate/9"}')
    for wrong in (b"[]", b"{}", b'{"version":"zonary-certificate/1"}', b"\xff"):
        with pytest.raises(MalformedError):
            parse_facts(wrong)


def test_an_older_trust_file_that_names_no_signer_says_so(
    certifying: CertifyingZone, verify: Verify, certificate: bytes, tmp_path: Path
) -> None:
    older = tmp_path / "older.trust"
    older.write_bytes(replace(certifying.trust, certificate_roots=()).encode())
    code, said = verify(certificate, "--trust", str(older), is_trusted=False)
    assert (code, "you have not said that you trust its signer" in said) == (2, True)


def test_nothing_but_an_error_of_ours_comes_of_a_broken_one(certifying: CertifyingZone, certificate: bytes) -> None:
    import random

    from zonary.proof.certificate.verify import examine_certificate
    from zonary.proof.errors import Error
    from zonary.proof.package.report import Outcome
    from zonary.proof.package.verify import examine

    trusts, chance = [certifying.trust], random.Random(7)
    for round_number in range(30):
        content = bytearray(certificate)
        if round_number % 3 == 0:
            del content[chance.randrange(len(content)) :]
        for _byte in range(1 + round_number % 5):
            if content:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        try:
            report = examine_certificate(bytes(content), trusts=trusts, examine=lambda p: examine(p, trusts=trusts))
        except Error:
            continue
        assert report.outcome is not Outcome.VERIFIED
