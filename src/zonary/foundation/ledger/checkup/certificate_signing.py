"""Whether evidence certificates can be signed now, for how long yet, and by whom.

Nothing is fetched: the revocation lists that go into a certificate are those that lie here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from zonary.foundation.ledger.authority import load_authority
from zonary.foundation.ledger.certificate_signer import (
    CertificateSigner,
    certificate_revocations,
    load_certificate_signer,
)
from zonary.foundation.ledger.checkup.findings import Finding, Severity, of_error
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.module_timestamp_keys import ModuleEcKey
from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence
from zonary.proof.timestamp.development import load_certificates

NAME = "certificates"
_SIGNERS = (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)
_SOON = timedelta(days=30)
"""To a certification authority's answer."""
_LIST_SOON = timedelta(days=2)
"""Those made here are good for a week and renewed every day."""
_BACK = Sentence("Put certificate.key and certificate.pem back from a backup, both together.")
_ANOTHER = Sentence(
    "Ask a licensed authority for another (zonary keys request-certificate, install-certificate); or move "
    "certificate.pem away, and the next start makes a development signer. Then hand out the trust file again."
)
_LISTS = Sentence(
    "A running server renews those made here: look into its log. Those of a licensed authority are brought by "
    "zonary keys install-certificate --crl."
)


def check_certificate_signer(data: DataDirectory, now: datetime) -> Iterator[Finding]:
    """Its key, its X.509 certificates, and the revocation lists of signer and timestamp authority."""
    if not (data.keys / "certificate.pem").exists():
        yield _wrong(
            Severity.WARNING,
            Sentence("There is no signer of evidence certificates: {path} is missing.",
                     {"path": str(data.keys / "certificate.pem")}),
            Sentence("Put it back from a backup if there was one; else the next start makes one for development."),
        )  # fmt: skip
        return
    try:
        signer = load_certificate_signer(data)
        if isinstance(signer.key, ModuleEcKey):
            signer.key.require_ready()
    except OSError as error:
        told: dict[str, str | int | Error] = {
            "path": str(error.filename), "reason": error.strerror or str(error)
        }  # fmt: skip
        yield _wrong(Severity.FAULT, Sentence("{path} cannot be read: {reason}.", told), _BACK)
        return
    except Error as error:
        yield of_error(NAME, error)
        return
    wrong = [*_validity(signer, now), *_revocation(data, signer, now)]
    yield from wrong
    if not any(each.severity is Severity.FAULT for each in wrong):
        yield Finding(NAME, Severity.OK, _signed_by(signer))


_MADE_HERE = Sentence("Start the server: it makes the list, and signs nothing before.")


def _wrong(severity: Severity, found: Sentence, mend: Sentence) -> Finding:
    return Finding(NAME, severity, found, mend)


def _signed_by(signer: CertificateSigner) -> Sentence:
    first = signer.chain[0]
    told: dict[str, str | int | Error] = {
        "name": _name(first.subject), "issuer": _name(first.issuer), "day": _until(first)
    }  # fmt: skip
    if signer.is_development:
        return Sentence(
            "Evidence certificates are signed by “{name}”, a DEVELOPMENT signer, until {day}: each says on every page "
            "that it is for trial.",
            told,
        )
    return Sentence("Evidence certificates are signed by “{name}”, certified by “{issuer}”, until {day}.", told)


def _validity(signer: CertificateSigner, now: datetime) -> Iterator[Finding]:
    for each in signer.chain:
        told: dict[str, str | int | Error] = {"name": _name(each.subject), "day": _until(each)}
        if each.not_valid_after_utc < now:
            found = Sentence("The X.509 certificate of “{name}” ended on {day}: nothing is signed.", told)
            yield _wrong(Severity.FAULT, found, _ANOTHER)
        elif each.not_valid_before_utc > now:
            found = Sentence("The X.509 certificate of “{name}” does not hold yet: nothing is signed.", told)
            yield _wrong(Severity.FAULT, found, Sentence("Look at the clock of this machine."))
        elif each.not_valid_after_utc < now + _SOON:
            found = Sentence("The X.509 certificate of “{name}” ends on {day}; then nothing is signed.", told)
            yield _wrong(Severity.WARNING, found, _ANOTHER)


def _revocation(data: DataDirectory, signer: CertificateSigner, now: datetime) -> Iterator[Finding]:
    lists = []
    for each in certificate_revocations(data):
        try:
            lists.append(x509.load_der_x509_crl(each))
        except ValueError:
            yield _wrong(Severity.FAULT, Sentence("A revocation list cannot be read: nothing is signed."), _LISTS)
    chains: list[tuple[Sequence[x509.Certificate], bool]] = [(signer.chain, signer.is_development)]
    with suppress(OSError, Error):  # what is wrong with the timestamp authority is told by another check
        chains.append((load_certificates(load_authority(data).ca_pem), True))
    for chain, is_made_here in chains:
        for issued, issuer in permutations(chain, 2):
            if issued.issuer != issuer.subject:
                continue
            by_issuer = [known for known in lists if _is_by(issuer, known)]
            if not by_issuer and is_made_here:  # as after a backup was put back: it is in none
                found = Sentence(
                    "The revocation list of “{issuer}” is not there yet.", {"issuer": _name(issuer.subject)}
                )
                yield _wrong(Severity.WARNING, found, _MADE_HERE)
                continue
            yield from _listed(issued, by_issuer, now)


def _is_by(issuer: x509.Certificate, known: x509.CertificateRevocationList) -> bool:
    key = issuer.public_key()
    return known.issuer == issuer.subject and isinstance(key, _SIGNERS) and known.is_signature_valid(key)


def _listed(
    certificate: x509.Certificate, lists: Sequence[x509.CertificateRevocationList], now: datetime
) -> Iterator[Finding]:
    """Of one certificate: whether its issuer's newest list is here, is fresh, and does not name it."""
    told: dict[str, str | int | Error] = {"name": _name(certificate.subject), "issuer": _name(certificate.issuer)}
    newest = max(lists, key=lambda each: each.last_update_utc, default=None)
    if newest is None:
        found = Sentence("The revocation list of “{issuer}” is missing: nothing is signed.", told)
        yield _wrong(Severity.FAULT, found, _LISTS)
        return
    until = newest.next_update_utc
    if newest.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
        yield _wrong(
            Severity.FAULT, Sentence("“{issuer}” has revoked the X.509 certificate of “{name}”.", told), _ANOTHER
        )
    elif until is not None and until < now:
        told["day"] = until.date().isoformat()
        found = Sentence("The revocation list of “{issuer}” was good until {day}: nothing is signed.", told)
        yield _wrong(Severity.FAULT, found, _LISTS)
    elif until is not None and until < now + _LIST_SOON:
        told["day"] = until.date().isoformat()
        found = Sentence("The revocation list of “{issuer}” is good until {day} only.", told)
        yield _wrong(Severity.WARNING, found, _LISTS)


def _until(certificate: x509.Certificate) -> str:
    return certificate.not_valid_after_utc.date().isoformat()


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
