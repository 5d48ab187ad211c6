"""Who signed a certificate, whether it is as it was signed, and whether that can still be checked (PAdES B-LTA).

The user's trust file says whom to trust; certificates inside the PDF never do. Revocation is judged by the lists
inside, as of the times that the timestamps inside give, as :mod:`zonary.proof.timestamp` judges its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from zonary.proof.certificate.development import DEVELOPMENT_SIGNER
from zonary.proof.certificate.reading import Document, reading, value_of
from zonary.proof.errors import UntrustedError, VerificationError
from zonary.proof.package.report import LayerVerdict, Sentence, Status
from zonary.proof.printable import printable
from zonary.proof.trust import Concerning

SIGNATURE: Final = "certificate-signature"
"""The layer's name."""


def judge_signature(document: Document, trust: Concerning) -> LayerVerdict:
    """The verdict on the one signature and the timestamp over the whole.

    :param trust: what the user's trust files say of the log that the certificate is about.
    :raises Error: when it does not hold, or its origin is not established.
    """
    signatures = reading(lambda: list(document.reader.embedded_regular_signatures))
    stamps = reading(lambda: list(document.reader.embedded_timestamp_signatures))
    if len(signatures) != 1 or not stamps:
        raise VerificationError(
            "The PDF does not carry one signature and a timestamp over it: it is not a certificate as one was issued."
        )
    signature, last = signatures[0], stamps[-1]
    _require_unchanged(signature, last)
    name = reading(lambda: _name_of(signature))
    if not (trust.certificate_roots and trust.certificate_signers and trust.timestamp_roots):
        raise UntrustedError(
            "The PDF is as it was signed, but you have not said that you trust its signer ({name}). Ask the operator "
            "for a trust file and name it with --trust, or add it with “zonary trust add”.",
            name=name,
        )
    status = reading(lambda: _status(signature, document, trust))
    stamped = reading(lambda: _stamp_status(last, document, trust))
    _require_trusted(status, name, is_named=signature.signer_cert.dump() in trust.certificate_signers)
    if not (stamped.intact and stamped.valid and stamped.trusted):
        raise VerificationError(
            "The timestamp over the certificate is not by the authority you trust, or its certificate did not hold, or "
            "the revocation list that says so is missing."
        )
    details = [Sentence("Signed {time}, by the timestamp inside.", {"time": _read_time(signature).isoformat()})]
    if DEVELOPMENT_SIGNER in name:
        details.append(
            Sentence("The signer is a development signer: its signature is only as good as this operator's word.")
        )
    text = "The PDF is as it was signed by {name}, whom you trust; certificates and revocation lists are inside."
    return LayerVerdict(SIGNATURE, Status.VERIFIED, Sentence(text, {"name": name}), tuple(details))


def _name_of(signature: Any) -> str:
    """The signer as its certificate calls it: the common name, with the notice of one for development."""
    subject = signature.signer_cert.subject.native
    parts = [subject.get("common_name"), subject.get("organization_name"), subject.get("organizational_unit_name")]
    return printable(", ".join(str(each) for each in parts if each).encode()) or "?"


def _require_unchanged(signature: Any, last: Any) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel

    def look() -> tuple[bool, bool]:
        signature.compute_integrity_info()
        last.compute_integrity_info(skip_diff=True)
        found = signature.diff_result  # None: nothing came after it; of what is no archival update there is no level
        allowed = found is None or getattr(found, "modification_level", None) in (
            ModificationLevel.NONE,
            ModificationLevel.LTA_UPDATES,
        )
        is_whole = last.coverage == SignatureCoverageLevel.ENTIRE_FILE
        is_begun = signature.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        return _is_intact(signature) and _is_intact(last), is_begun and is_whole and allowed

    is_intact, is_whole = reading(look)
    if not is_intact:
        raise VerificationError("The PDF was changed after it was signed: it is not the certificate that was issued.")
    if not is_whole:
        raise VerificationError("Something was added to the PDF, or replaced in it, after it was signed.")


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


def _stamp_status(stamp: Any, document: Document, trust: Concerning) -> Any:
    from pyhanko.sign.validation import validate_pdf_timestamp

    at = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return validate_pdf_timestamp(stamp, _context(document, trust.timestamp_roots, at), skip_diff=True)


def _context(document: Document, roots: Sequence[bytes], at: datetime) -> Any:
    """Nothing is fetched; what the PDF brings along may build a path and say what was revoked, never what to trust."""
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    store = value_of(document.reader.root, "/DSS") or {}

    def streams(name: str) -> list[bytes]:
        return [bytes(each.get_object().data) for each in value_of(store, name) or ()]

    return ValidationContext(
        trust_roots=[x509.Certificate.load(root) for root in roots],
        other_certs=[x509.Certificate.load(each) for each in streams("/Certs")],
        crls=streams("/CRLs"),
        moment=at,
        revocation_mode="require",
        allow_fetching=False,
    )


def _read_time(signature: Any) -> datetime:
    """When the timestamp inside the signature says it was made.

    :raises VerificationError: when it has none.
    """
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            return at
    raise VerificationError("The signature of the certificate carries no timestamp.")


def _require_trusted(status: Any, name: str, *, is_named: bool) -> None:
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
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        raise VerificationError(
            "The timestamp in the signature is not by the authority you trust, or its certificate did not hold."
        )
