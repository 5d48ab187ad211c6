"""The annex is run as it stands: with the package taken out of the PDF, without our software, without a network."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.proof.package.factory import changed
from tests.services.evidence.certificates.making import NAME, CertifyingZone, disclosure
from tests.services.evidence.certificates.resigning import with_everything


def _run(folder: Path, commands: bytes, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a network namespace of its own where the machine allows one; nothing in the commands needs a network."""
    folder.mkdir(exist_ok=True)
    (folder / "steps.sh").write_bytes(commands)
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        alone = []
    named = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        [*alone, "sh", "steps.sh"], cwd=folder, env=named, capture_output=True, text=True, check=False
    )


def _detached(pdf: Path, name: str) -> bytes:
    out = pdf.parent / f"detached-{name}"
    subprocess.run(["pdfdetach", "-savefile", name, "-o", str(out), str(pdf)], check=True, capture_output=True)
    return out.read_bytes()


def test_every_step_succeeds_from_the_pdf_alone(
    certifying: CertifyingZone, package: bytes, pdf: Path, tmp_path: Path, poppler: Any
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"first")
    done = _run(tmp_path / "there", _detached(pdf, "steps.sh"), PDF=str(pdf), FILE=str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("OK") >= 9
    assert "Verified Successfully" in done.stdout
    for said in ("token 1", "token 2"):  # the one date that counts is shown, and not only taken for granted
        assert re.search(rf"\n{said} says [A-Z][a-z]{{2}} +\d+ [0-9:]{{8}} \d{{4}} GMT\n  accuracy ", done.stdout)
    assert f"\n{_keys(certifying, package)['timestamp-root']}\n" in done.stdout


def _keys(certifying: CertifyingZone, package: bytes) -> dict[str, str]:
    """What the annex prints to be compared, by the name it has in a trust file."""
    page = certifying.page(certifying.facts(package), package)
    return {row["label"]["en"]: row["value"] for row in page["annex"]["keys"]}


def test_signer_root_and_keys_on_paper_are_those_in_the_pdf_and_in_the_trust_file(
    certifying: CertifyingZone, package: bytes, pdf: Path, tmp_path: Path, poppler: Any
) -> None:
    page, keys = certifying.page(certifying.facts(package), package), _keys(certifying, package)
    trust = tmp_path / "zone.trust"
    trust.write_bytes(certifying.trust.encode())
    done = _run(tmp_path / "there", page["annex"]["whose"]["commands"].encode(), PDF=str(pdf), TRUST=str(trust))
    assert done.returncode == 0, done.stderr
    assert "Signature Validation: Signature is Valid." in done.stdout
    for said in ("certificate-signer", "certificate-root", "timestamp-root"):
        assert f"\n{said} {keys[said]}\n" in done.stdout, said
    assert f"\n{keys['log']}\n" in done.stdout
    for said in ("certificate-signer", "certificate-root"):
        assert f"\nin the PDF {keys[said]}\n" in done.stdout, said
    assert keys["certificate-signer"] != keys["certificate-root"]


def test_what_is_printed_is_what_is_attached(certifying: CertifyingZone, package: bytes) -> None:
    from zonary.proof.certificate.steps import script_of

    facts = certifying.facts(package)
    script = script_of(facts.package).decode()
    printed = [step["commands"] for step in certifying.page(facts, package)["annex"]["steps"]]
    assert len(printed) == 6
    assert all(commands in script for commands in printed)


@pytest.mark.parametrize("kind", ["folder", "disclosure"])
def test_of_a_folder_and_of_a_disclosure_too(certifying: CertifyingZone, tmp_path: Path, kind: str) -> None:
    from zonary.proof.certificate.steps import script_of

    package = disclosure(certifying.zone) if kind == "disclosure" else certifying.zone.package()
    (tmp_path / "evidence.zonary").write_bytes(package)
    (tmp_path / "file").write_bytes(b"first")
    done = _run(tmp_path, script_of(certifying.facts(package).package), FILE=str(tmp_path / "file"))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def whole(certifying: CertifyingZone) -> bytes:
    """A package with two further timestamps, one of them SM2, and the second tree."""
    return with_everything(certifying.zone)[0]


def test_further_timestamps_and_the_second_tree_are_checked_too(
    certifying: CertifyingZone, whole: bytes, tmp_path: Path
) -> None:
    from zonary.proof.certificate.steps import script_of

    (tmp_path / "evidence.zonary").write_bytes(whole)
    (tmp_path / "file").write_bytes(b"first")
    done = _run(tmp_path, script_of(certifying.facts(whole).package), FILE=str(tmp_path / "file"))
    assert done.returncode == 0, done.stderr
    for said in (
        "the token of second covers the registration record",
        "the token of national is signed with SM2 by its certificate",
        "that certificate is issued for timestamps by the authority beside it",
        "what is signed is what the token says",
        "what is signed names that certificate",
        "the token of national covers the registration record",
        "the registration record is in the second tree",
        "the second tree's checkpoint is signed by a key shown above",
    ):
        assert f"OK: {said}\n" in done.stdout
    assert "It says: 2026" in done.stdout
    assert re.search(r"\nthe token of second says [A-Z][a-z]{2} +\d+ ", done.stdout)
    assert f"Signed by the key {certifying.zone.second_key.verifier.encode()}\n" in done.stdout


@pytest.mark.parametrize(
    ("member", "failed"),
    [
        ("timestamps/second.tst", "FAILED: the token of second covers the registration record"),
        ("timestamps/national.tst", "FAILED: the token of national covers the registration record"),
        ("timestamps/national.pem", "FAILED: that certificate is issued for timestamps by the authority beside it"),
        ("log-sm3/statement.sm3-proof", "FAILED: the registration record is in the second tree"),
        ("log-sm3/log.vkey", "FAILED: the second tree's checkpoint is signed by a key shown above"),
    ],
)
def test_of_another_package_they_fail(
    certifying: CertifyingZone, whole: bytes, tmp_path: Path, member: str, failed: str
) -> None:
    from tests.proof.package.factory import Zone, members, packed

    from zonary.proof.certificate.steps import script_of

    other = members(with_everything(Zone(origin=certifying.zone.origin))[0])
    other["timestamps/national.pem"] = members(whole)["timestamps/second.pem"]
    swapped = packed({**members(whole), member: other[member]})
    (tmp_path / "evidence.zonary").write_bytes(swapped)
    (tmp_path / "file").write_bytes(b"first")
    commands = script_of(certifying.facts(whole).package)
    past = re.sub(rb'same "\$\((?:sha256sum|openssl dgst -sm3 -r) < evidence.zonary.*\n.*\n', b"", commands)
    done = _run(tmp_path, past, FILE=str(tmp_path / "file"))
    assert done.returncode != 0
    assert failed in done.stderr


@pytest.mark.parametrize(
    ("member", "step"),
    [
        ("statement_DOT_json", "the registration record is the one printed"),
        ("manifest_DOT_jsonl", ""),
        ("log__statement_DOT_tlog_DASH_proof", "the registration record is in the log"),
        ("META_DASH_INF__timestamp_DOT_tst", "erification"),
        ("log__log_DOT_vkey", ""),
    ],
)
def test_on_a_tampered_package_a_step_fails(
    certifying: CertifyingZone, package: bytes, tmp_path: Path, member: str, step: str
) -> None:
    from tests.proof.package.factory import Zone, members

    from zonary.proof.certificate.steps import script_of

    other = members(Zone(origin=certifying.zone.origin).package({NAME: b"other"}))
    name = member.replace("__", "/").replace("_DOT_", ".").replace("_DASH_", "-")
    swapped = changed(package, **{member: other[name]})
    (tmp_path / "evidence.zonary").write_bytes(swapped)
    (tmp_path / "file").write_bytes(b"first")
    commands = script_of(certifying.facts(package).package)
    untouched = _run(tmp_path, commands, FILE=str(tmp_path / "file"))
    assert untouched.returncode != 0  # its digest is not the one printed
    # And past that, for who would only look further: each check stands by itself.
    assert "FAILED: the package has the SHA-256 printed" in untouched.stderr
    past_first = re.sub(rb'same "\$\((?:sha256sum|openssl dgst -sm3 -r) < evidence.zonary.*\n.*\n', b"", commands)
    assert past_first.count(b"printed") == commands.count(b"printed") - 2
    past = _run(tmp_path, past_first, FILE=str(tmp_path / "file"))
    assert past.returncode != 0, past.stdout
    assert step in past.stderr + past.stdout


def test_another_file_fails(certifying: CertifyingZone, package: bytes, tmp_path: Path) -> None:
    from zonary.proof.certificate.steps import script_of

    (tmp_path / "evidence.zonary").write_bytes(package)
    (tmp_path / "file").write_bytes(b"another")
    done = _run(tmp_path, script_of(certifying.facts(package).package), FILE=str(tmp_path / "file"))
    assert done.returncode != 0
    assert "the file is in the manifest" not in done.stdout


def test_past_every_failure_no_step_says_ok_of_a_wrong_file(
    certifying: CertifyingZone, package: bytes, tmp_path: Path
) -> None:
    from zonary.proof.certificate.steps import steps_for

    (tmp_path / "evidence.zonary").write_bytes(package)
    (tmp_path / "file").write_bytes(b"another")
    steps = [step.commands for step in steps_for(certifying.facts(package).package)]
    assert steps[0].startswith("set -eu\n")
    # As in a shell that was told neither to stop nor to leave: whoever reads on past a failure.
    commands = "\n".join(steps).replace("set -eu\n", "", 1).replace("exit 1", "false")
    done = _run(tmp_path, commands.encode(), FILE=str(tmp_path / "file"))
    assert "FAILED: the file is in the manifest" in done.stderr
    assert "FAILED: token 1 covers the file" in done.stderr
    said = re.findall("OK: (.*)", done.stdout)
    assert [each for each in said if "the file" in each] == []
    assert "the registration record is in the log" in said


def test_without_the_package_nothing_is_ok(certifying: CertifyingZone, package: bytes, tmp_path: Path) -> None:
    from zonary.proof.certificate.steps import script_of

    commands = script_of(certifying.facts(package).package).decode()
    done = _run(tmp_path, commands.replace("set -eu\n", "", 1).replace("exit 1", "false").encode(), FILE="file")
    assert "OK:" not in done.stdout
    assert done.stderr.count("FAILED:") >= 10


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_lone_node_goes_up_as_it_is(certifying: CertifyingZone, package: bytes, tmp_path: Path, count: int) -> None:
    from zonary.proof import merkle
    from zonary.proof.certificate.steps import steps_for

    lines = [b'{"line":%d}' % number for number in range(count)]
    roots = [merkle.root_of([merkle.leaf_hash(line, name) for line in lines], name).hex() for name in ("sha256", "sm3")]
    (tmp_path / "manifest.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (tmp_path / "statement.json").write_text(
        '{{"manifest":{{"sha256":"{}","sm3":"{}"}},"observed":{{"sha256":"00"}}}}'.format(*roots)
    )
    steps = steps_for(certifying.facts(package).package)
    functions = steps[0].commands.split("[ -e evidence.zonary ]", 1)[0]
    done = _run(tmp_path, f"{functions}\n{steps[2].commands}\n".encode())
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("OK: the manifest has the") == 2
