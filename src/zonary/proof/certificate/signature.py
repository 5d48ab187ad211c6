"""Who signed a certificate, whether it is as it was signed, and whether that can still be checked (PAdES B-LTA).

The user's trust file says whom to trust; certificates inside the PDF never do. Revocation is judged by the lists
inside, as of the times that the timestamps inside give, as :mod:`zonary.proof.timestamp` judges its tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from cryptography.x509.oid import NameOID

from zonary.proof.certificate.development import DEVELOPMENT_SIGNER
from zonary.proof.certificate.reading import Document
from zonary.proof.certificate.revisions import SIGNATURE_TYPE, STAMP_TYPE, Signed
from zonary.proof.errors import Error, UntrustedError, VerificationError
from zonary.proof.package.report import LayerVerdict, Sentence, Status
from zonary.proof.printable import printable
from zonary.proof.timestamp.algorithms import digest_of
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import split
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token
from zonary.proof.trust import Concerning

T = TypeVar("T")

_NAMED = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
_STAMP_ATTRIBUTE = "signature_time_stamp_token"
SIGNATURE: Final = "certificate-signature"
"""The layer's name."""


def judge_signature(document: Document, trust: Concerning) -> LayerVerdict:
    """The verdict on the one signature and the timestamp over the whole.

    :param trust: what the user's trust files say of the log that the certificate is about.
    :raises Error: when it does not hold, or its origin is not established.
    """
    signed = [each for each in document.signatures if each.kind == SIGNATURE_TYPE]
    stamps = [each for each in document.signatures if each.kind == STAMP_TYPE]
    if len(signed) != 1 or not stamps:
        raise VerificationError(
            "The PDF does not carry one signature and a timestamp over it: it is not a certificate as one was issued."
        )
    _require_unchanged(document, signed[0], stamps[-1])
    signature, last = _as_pyhanko_has(document, signed[0]), _as_pyhanko_has(document, stamps[-1])
    name = _judging(lambda: _name_of(signature))
    if not (trust.certificate_roots and trust.certificate_signers and trust.timestamp_roots):
        raise UntrustedError(
            "The PDF is as it was signed, but you have not said that you trust its signer ({name}). Ask the operator "
            "for a trust file and name it with --trust, or add it with “zonary trust add”.",
            name=name,
        )
    status = _judging(lambda: _status(signature, document, trust))
    token, stamped_bytes = _parsed(_signature_stamp(signature)), signature.signer_info["signature"].native
    _require_trusted(
        status,
        name,
        is_named=signature.signer_cert.dump() in trust.certificate_signers,
        is_stamped=_is_believed(token, stamped_bytes, document, trust),
    )
    is_believed = _is_believed(_token(stamps[-1]), b"".join(document.covered(stamps[-1])), document, trust)
    if not (is_believed and _is_believed_by_pyhanko(last, document, trust)):
        raise VerificationError(
            "The timestamp over the certificate is not by the authority you trust, or its certificate did not hold, or "
            "the revocation list that says so is missing."
        )
    details = [
        Sentence("Signed {time}, by the timestamp inside.", {"time": f"{_read_time(signature):%Y-%m-%d %H:%M:%S} UTC"})
    ]
    if DEVELOPMENT_SIGNER in name:
        details.append(
            Sentence("The signer is a development signer: its signature is only as good as this operator's word.")
        )
    text = "The PDF is as it was signed by {name}, whom you trust; certificates and revocation lists are inside."
    return LayerVerdict(SIGNATURE, Status.VERIFIED, Sentence(text, {"name": name}), tuple(details))


def _judging(step: Callable[[], T]) -> T:
    """What ``step`` finds.

    :raises VerificationError: whatever pyHanko stumbles over.
    """
    try:
        return step()
    except (Error, ImportError):
        raise
    except Exception as error:  # its parsers raise whatever a broken part makes them
        raise VerificationError(
            "The signature or a timestamp of the PDF is not made as those of certificates are, and cannot be judged."
        ) from error


def _as_pyhanko_has(document: Document, signed: Signed) -> Any:
    """The same signature as pyHanko reads it: of another that it might see nothing is believed."""
    found = _judging(lambda: [each for each in document.reader.embedded_signatures])
    mine = [each for each in found if [int(part) for part in each.byte_range] == signed.range]
    if len(found) != len(document.signatures) or len(mine) != 1 or mine[0].pkcs7_content != signed.contents:
        raise VerificationError(
            "The signature or a timestamp of the PDF is not made as those of certificates are, and cannot be judged."
        )
    return mine[0]


def _require_unchanged(document: Document, signed: Signed, stamp: Signed) -> None:
    """Every byte is covered, by digests that are right, and what came after the signature is what may come."""
    is_whole = document.is_covered(signed, stamp)
    if is_whole and not (_is_stamped(document, stamp) and _are_intact(document, signed, stamp)):
        raise VerificationError("The PDF was changed after it was signed: it is not the certificate that was issued.")
    if not is_whole or not _judging(lambda: _is_allowed_by_pyhanko(_as_pyhanko_has(document, signed))):
        raise VerificationError("Something was added to the PDF, or replaced in it, after it was signed.")


def _is_stamped(document: Document, stamp: Signed) -> bool:
    token = _token(stamp)
    return token.imprint == digest_of(token.algorithm, b"".join(document.covered(stamp)))


def _are_intact(document: Document, *signatures: Signed) -> bool:
    return all(_judging(partial(_is_intact, _as_pyhanko_has(document, each))) for each in signatures)


def _name_of(signature: Any) -> str:
    """The signer as its certificate calls it: the common name, with the notice of one for development."""
    subject = Certificate.load(signature.signer_cert.dump()).parsed.subject
    named = (subject.get_attributes_for_oid(oid)[:1] for oid in _NAMED)
    return printable(", ".join(str(each.value) for found in named for each in found).encode()) or "?"


def _is_allowed_by_pyhanko(signature: Any) -> bool:
    """A second opinion on what came after the signature."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    signature.compute_integrity_info()
    found = signature.diff_result  # None: nothing came after it; of what is no archival update there is no level
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    return found is None or getattr(found, "modification_level", None) in allowed


def _is_intact(signature: Any) -> bool:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    digest = signature.compute_digest()
    content = signature.signed_data["encap_content_info"]
    if content["content_type"].native == "tst_info":  # a timestamp says itself what it covers
        return bool(content["content"].parsed["message_imprint"]["hashed_message"].native == digest)
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        cert=signature.signer_cert,
        expected_content_type=content["content_type"].native,
        actual_digest=digest,
    )
    return bool(intact and valid)


def _status(signature: Any, document: Document, trust: Concerning) -> Any:
    from pyhanko.sign.validation import validate_pdf_signature

    at = _read_time(signature)
    return validate_pdf_signature(
        signature,
        signer_validation_context=_context(document, trust.certificate_roots, at),
        ts_validation_context=_context(document, trust.timestamp_roots, at),
        skip_diff=True,
    )


def _is_believed_by_pyhanko(stamp: Any, document: Document, trust: Concerning) -> bool:
    """With the revocation lists inside, which :mod:`zonary.proof.timestamp` does not look at."""
    from pyhanko.sign.validation import validate_pdf_timestamp

    at = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    try:
        status = validate_pdf_timestamp(stamp, _context(document, trust.timestamp_roots, at), skip_diff=True)
    except Exception:  # its parsers raise whatever a broken part makes them
        return False
    return bool(status.intact and status.valid and status.trusted)


def _context(document: Document, roots: Sequence[bytes], at: datetime) -> Any:
    """Nothing is fetched; what the PDF brings along may build a path and say what was revoked, never what to trust."""
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    store = document.store
    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        other_certs=[x509.Certificate.load(each) for each in store["Certs"]],
        crls=store["CRLs"],
        moment=at,
        revocation_mode="require",
        allow_fetching=False,
    )


def _signature_stamp(signature: Any) -> bytes:
    """The token in the signature (DER).

    :raises VerificationError: when it has none.
    """
    found = [each for each in signature.signer_info["unsigned_attrs"] if each["type"].native == _STAMP_ATTRIBUTE]
    if len(found) != 1 or len(found[0]["values"]) != 1:
        raise VerificationError("The signature of the certificate carries no timestamp.")
    return bytes(found[0]["values"][0].dump())


def _read_time(signature: Any) -> datetime:
    """When the timestamp inside the signature says it was made."""
    return _parsed(_signature_stamp(signature)).gen_time


def _token(stamp: Signed) -> TimestampToken:
    """The token that is a document timestamp; behind it the place is filled with zeros."""
    token, rest = split(stamp.contents)
    return _parsed(token if not rest.strip(b"\0") else b"")


def _parsed(token: bytes) -> TimestampToken:
    try:
        return TimestampToken.parse(token)
    except Error as error:
        raise VerificationError(
            "The signature or a timestamp of the PDF is not made as those of certificates are, and cannot be judged."
        ) from error


def _is_believed(token: TimestampToken, stamped: bytes, document: Document, trust: Concerning) -> bool:
    """What :mod:`zonary.proof.timestamp` says, which is stricter than pyHanko."""
    try:
        verify_token(token, data=stamped, roots=trust.timestamp_roots, certificates=document.store["Certs"])
    except Error:
        return False
    return True


def _require_trusted(status: Any, name: str, *, is_named: bool, is_stamped: bool) -> None:
    """Whoever else the authority behind the signer certifies is its customer, and not this zone: ``is_named``."""
    if status.revoked:
        raise VerificationError("The signer's certificate ({name}) was revoked when this was signed.", name=name)
    if not (status.trusted and is_named):
        raise VerificationError(
            "The PDF is signed by {name}, but not by the one your trust file names for this zone, or the revocation "
            "list of the signer is missing: anybody can make such a file around a package that is not theirs.",
            name=name,
        )
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted and is_stamped):
        raise VerificationError(
            "The timestamp in the signature is not by the authority you trust, or its certificate did not hold."
        )
