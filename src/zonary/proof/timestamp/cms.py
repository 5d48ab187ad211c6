"""The CMS signature of a token: RFC 5652 §5.4 and §5.6, with the algorithms of RFC 4056, 5754 and 8419,
and SM2 with SM3 as GM/T 0010 has it.

Ed25519 goes through :mod:`zonary.proof.signatures`, whose rule holds everywhere, SM2
through :mod:`zonary.proof.sm2`. RSA, and ECDSA with the curves and digests that only certificates use, are verified
here.
"""

from __future__ import annotations

import hmac

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.bindings._rust import ObjectIdentifier
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.signatures import verify_ed25519
from zonary.proof.sm2 import SM2PublicKey
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import (
    CONTENT_TYPE,
    DIGEST_NAMES,
    EC_PUBLIC_KEY,
    ECDSA_WITH,
    ED25519,
    MESSAGE_DIGEST,
    MGF1,
    RSA_ENCRYPTION,
    RSA_PSS,
    RSA_WITH,
    SIGNATURE_HASHES,
    SM2_SIGNATURES,
    TST_INFO,
    WEAK_DIGEST_OIDS,
    WEAK_SIGNATURE_OIDS,
    ImprintAlgorithm,
    digest_of,
)
from zonary.proof.timestamp.certificates import PublicKey
from zonary.proof.timestamp.der import ASN1_NULL, SET, decode, raw, tlv


def attribute(signer: structures.SignerInfo, dotted: str) -> asn1.TLV | None:
    """The one value of the signed attribute ``dotted``, or ``None`` when there is no such attribute.

    :raises MalformedError: when it stands there twice, or with no or several values.
    """
    found = [each for each in signer.signed_attributes or () if each.oid.dotted_string == dotted]
    if not found:
        return None
    values = found[0].values.as_list()
    if len(found) != 1 or len(values) != 1:
        raise MalformedError("The signed attribute {oid} does not have exactly one value.", oid=dotted)
    return values[0]


def check_signature(
    signer: structures.SignerInfo, content: bytes, key: PublicKey, *, content_type: str = TST_INFO
) -> None:
    """Check that ``key`` signed ``content`` through the signed attributes.

    :param content: DER TSTInfo.
    :param content_type: what the signed data calls it, and the attributes must.
    :raises UnsupportedError: for algorithms unknown here.
    :raises VerificationError: when an attribute, the digest or the signature is wrong, or too weak.
    """
    algorithm = signature_algorithm(signer)
    digest_name = _digest_name(signer.digest_algorithm)
    named = attribute(signer, CONTENT_TYPE)
    if named is None or _oid(named) != content_type:
        raise VerificationError("The signature does not say that it is one over timestamp information.")
    digest = attribute(signer, MESSAGE_DIGEST)
    if digest is None or not hmac.compare_digest(
        decode(bytes, raw(digest), "OCTET STRING"), digest_of(digest_name, content)
    ):
        raise VerificationError("The digest in the signature is not that of the timestamp information.")
    try:
        _verify(algorithm, signer, digest_name, key, signed_bytes(signer))
    except (InvalidSignature, ValueError) as error:
        raise VerificationError("The authority's signature on the timestamp does not verify.") from error
    except UnsupportedAlgorithm as error:
        raise UnsupportedError("The token's signature uses an algorithm that cannot be verified here.") from error


def signed_bytes(signer: structures.SignerInfo) -> bytes:
    """What the signature is over: the attributes as a SET, not under the [0] tag they are sent with (RFC 5652 §5.4)."""
    return tlv(SET, *(asn1.encode_der(each) for each in signer.signed_attributes or ()))


def _oid(element: asn1.TLV) -> str:
    return decode(ObjectIdentifier, raw(element), "OBJECT IDENTIFIER").dotted_string


def signature_algorithm(signer: structures.SignerInfo) -> str:
    """The object identifier of the signature's algorithm.

    :raises MalformedError: when it cannot be read.
    :raises VerificationError: for algorithms that are no longer safe.
    """
    if not 1 <= len(signer.signature_algorithm) <= 2:
        raise MalformedError("The signature's algorithm identifier cannot be read.")
    identifier, *parameters = signer.signature_algorithm
    dotted = _oid(identifier)
    # Nobody signs the parameters, so where they mean nothing they must be nothing.
    if dotted != RSA_PSS and any(raw(each) != ASN1_NULL for each in parameters):
        raise MalformedError("The signature's algorithm identifier cannot be read.")
    if dotted in WEAK_SIGNATURE_OIDS:
        raise VerificationError("The timestamp is signed with an algorithm ({oid}) that is no longer safe.", oid=dotted)
    return dotted


def _digest_name(algorithm: structures.DigestAlgorithm) -> ImprintAlgorithm:
    dotted = algorithm.oid.dotted_string
    if dotted in WEAK_DIGEST_OIDS:
        raise VerificationError("The signature uses a digest ({oid}) that is no longer safe.", oid=dotted)
    if dotted not in DIGEST_NAMES:
        raise UnsupportedError("The signature uses the digest {oid}, which is not known here.", oid=dotted)
    return DIGEST_NAMES[dotted]


def _verify(
    algorithm: str,
    signer: structures.SignerInfo,
    digest_name: ImprintAlgorithm,
    key: PublicKey,
    signed: bytes,
) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        name = RSA_WITH.get(algorithm, digest_name if algorithm in (RSA_ENCRYPTION, RSA_PSS) else None)
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm == RSA_PSS:
            scheme, name = _pss(signer)
        if name in SIGNATURE_HASHES:
            return key.verify(signer.signature, signed, scheme, SIGNATURE_HASHES[name])
    elif isinstance(key, ec.EllipticCurvePublicKey):
        name = ECDSA_WITH.get(algorithm, digest_name if algorithm == EC_PUBLIC_KEY else None)
        if name in SIGNATURE_HASHES:
            return key.verify(signer.signature, signed, ec.ECDSA(SIGNATURE_HASHES[name]))
    elif isinstance(key, SM2PublicKey):
        if algorithm in SM2_SIGNATURES and digest_name == "sm3":
            return key.verify(signer.signature, signed)
    elif algorithm == ED25519:
        return verify_ed25519(key.public_bytes_raw(), signer.signature, signed)
    raise UnsupportedError(
        "The signature algorithm {oid} is not known here, or does not fit the certificate's key.",
        oid=algorithm,
    )


def _pss(signer: structures.SignerInfo) -> tuple[padding.PSS, ImprintAlgorithm]:
    """RSASSA-PSS as RFC 4056 has it: one strong digest for both the message and MGF1."""
    if len(signer.signature_algorithm) != 2:
        raise UnsupportedError("RSA-PSS without parameters means SHA-1, which is no longer safe.")
    parameters = decode(structures.PssParameters, raw(signer.signature_algorithm[1]))
    if parameters.digest is None or parameters.mask is None:
        raise UnsupportedError("RSA-PSS without a digest algorithm means SHA-1, which is no longer safe.")
    name = _digest_name(parameters.digest)
    salt = 20 if parameters.salt_length is None else parameters.salt_length
    if (
        name not in SIGNATURE_HASHES
        or parameters.mask.oid.dotted_string != MGF1
        or _digest_name(parameters.mask.digest) != name
        or not 0 <= salt <= 64
        or parameters.trailer not in (None, 1)
    ):
        raise UnsupportedError("The token uses RSA-PSS with parameters that are not understood.")
    return padding.PSS(padding.MGF1(SIGNATURE_HASHES[name]), salt), name
