"""A certification authority takes the place of the development signer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from tests.services.evidence.certificates.making import CertifyingZone, make_zone

NOW = datetime.now(UTC).replace(microsecond=0)


class Authority:
    """A root and what it issues, as a licensed CA would (made up)."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Some CA (fictional)")])
        self.root = self._certificate(self.name, self.key.public_key(), is_ca=True)

    def _certificate(self, subject: x509.Name, key: Any, *, is_ca: bool, until: timedelta = timedelta(9)) -> Any:
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
        usage |= {"key_cert_sign": True, "crl_sign": True} if is_ca else {"content_commitment": True}
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(NOW - timedelta(1)).not_valid_after(NOW + until)
        builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(identifier, critical=False).add_extension(issuer, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def answer(self, request: bytes, *, until: timedelta = timedelta(9)) -> bytes:
        asked = x509.load_pem_x509_csr(request)
        assert asked.is_signature_valid
        issued = self._certificate(asked.subject, asked.public_key(), is_ca=False, until=until)
        return bytes(issued.public_bytes(Encoding.PEM) + self.root.public_bytes(Encoding.PEM))

    def revocations(self) -> bytes:
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        builder = builder.last_update(NOW - timedelta(hours=1)).next_update(NOW + timedelta(7))
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(x509.CRLNumber(1), critical=False).add_extension(issuer, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def zone(tmp_path: Path) -> CertifyingZone:
    return make_zone(tmp_path / "zone")


def _data(zone: CertifyingZone) -> Any:
    from zonary.foundation.ledger.layout import DataDirectory

    return DataDirectory(zone.folder)


def test_it_signs_from_then_on_and_the_trust_file_names_both_roots(zone: CertifyingZone, authority: Authority) -> None:
    from zonary.foundation.ledger import certificate_signer as ours
    from zonary.proof.certificate.verify import examine_certificate
    from zonary.proof.package.verify import examine

    data = _data(zone)
    request = ours.request_signer(data, "Demonstration Zone")
    again = ours.request_signer(data, "Again")
    keys = [x509.load_pem_x509_csr(each).public_key() for each in (request, again)]
    assert keys[0] == keys[1]
    assert ours.load_certificate_signer(data).is_development
    assert ours.installed_signer(data) is None
    ours.install_signer(data, authority.answer(request), [authority.revocations()], NOW)
    signer = ours.load_certificate_signer(data)
    assert not signer.is_development
    assert ours.installed_signer(data) is not None
    before, *_rest = zone.trust.certificate_roots
    roots = ours.certificate_roots(data)
    assert roots == (authority.root.public_bytes(Encoding.DER), before)
    means = replace(zone.means, signer=signer, revocations=ours.certificate_revocations(data))
    package = zone.zone.package({b"a.txt": b"first"})
    made = replace(zone, means=means).certificate(zone.facts(package), package)
    signers = ours.certificate_signers(data)
    assert len(signers) == 2  # what the one before has signed is believed still
    trusts = [replace(zone.trust, certificate_roots=roots, certificate_signers=signers)]
    report = examine_certificate(made, trusts=trusts, examine=lambda inside: examine(inside, trusts=trusts))
    assert int(report.outcome) == 0
    assert report.layers[0].sentence.params["name"] == "Demonstration Zone"
    assert len(report.layers[0].details) == 1  # and nothing about development
    # Another customer of the same authority is not this zone.
    trusts = [replace(zone.trust, certificate_roots=roots, certificate_signers=signers[1:])]
    report = examine_certificate(made, trusts=trusts, examine=lambda inside: examine(inside, trusts=trusts))
    assert int(report.outcome) == 1
    assert "not by the one your trust file names" in str(report.layers[0].sentence)
    # Lists are renewed by installing again, with the key that signs already.
    ours.install_signer(data, (data.keys / "certificate.pem").read_bytes(), [authority.revocations()], NOW)


def test_what_does_not_belong_together_is_refused(zone: CertifyingZone, authority: Authority) -> None:
    from zonary.foundation.ledger import certificate_signer as ours
    from zonary.foundation.ledger.errors import KeyMismatchError

    data, lists = _data(zone), [authority.revocations()]
    request = ours.request_signer(data, "Zone")
    answer = authority.answer(request)
    alien = x509.CertificateSigningRequestBuilder().subject_name(authority.name)
    another = authority.answer(
        alien.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    only = answer[: answer.index(b"-----END CERTIFICATE-----") + 26]
    expired = authority.answer(request, until=-timedelta(hours=1))
    wrong: list[tuple[bytes, list[bytes]]] = [
        (another, lists), (only, lists), (expired, lists), (answer, []), (answer, [b"no list"]),
    ]  # fmt: skip
    for chain, given in wrong:
        with pytest.raises(KeyMismatchError):
            ours.install_signer(data, chain, given, NOW)
        assert ours.load_certificate_signer(data).is_development
    with pytest.raises(KeyMismatchError):
        ours.request_signer(data, "")


def test_the_change_is_an_act_recorded_once(data: Any, authority: Authority) -> None:
    from tests.foundation import zone_at_work

    from zonary.foundation.ledger import certificate_signer as ours
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.rotation import record_key_changes

    zone_at_work.start(data)
    assert zone_at_work.acts("ledger.certificate_signer.installed") == []
    answer = authority.answer(ours.request_signer(data, "Demonstration Zone"))
    ours.install_signer(data, answer, [authority.revocations()], NOW)
    for _twice in range(2):
        record_key_changes(data, by=SYSTEM, at=NOW)
    [act] = zone_at_work.acts("ledger.certificate_signer.installed")
    fingerprint = x509.load_pem_x509_certificate(answer).fingerprint(hashes.SHA256()).hex()
    assert act["certificate_sha256"] == fingerprint
    zone_at_work.start(data)
    assert len(zone_at_work.trust_of(data).certificate_roots) == 2
