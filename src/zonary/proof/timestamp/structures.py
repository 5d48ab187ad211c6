"""The ASN.1 of RFC 3161, RFC 5652 (CMS), RFC 5035 (ESS) and a little of RFC 5280, as classes to decode into.

"Any" and open types are :class:`~cryptography.hazmat.asn1.TLV`. An ``EXPLICIT [n]`` around "any", and a set
whose order real authorities do not keep (certificates, attributes), is written as an implicitly tagged list:
the bytes are the same. Fields with DEFAULT FALSE are optional, because some writers spell the default out.
"""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.hazmat.bindings._rust import ObjectIdentifier


@asn1.sequence
class DigestAlgorithm:
    """An AlgorithmIdentifier whose parameters are absent or NULL."""

    oid: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class MessageImprint:
    algorithm: DigestAlgorithm
    digest: bytes


@asn1.sequence
class Extension:
    oid: ObjectIdentifier
    critical: bool | None
    value: bytes


@asn1.sequence
class TimeStampReq:
    version: int
    imprint: MessageImprint
    policy: ObjectIdentifier | None
    nonce: int | None
    cert_req: bool | None
    extensions: Annotated[list[Extension] | None, asn1.Implicit(0)]


@asn1.sequence
class PKIStatusInfo:
    status: int
    text: list[str] | None
    failure: asn1.BitString | None


@asn1.sequence
class ContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class TimeStampResp:
    status: PKIStatusInfo
    token: ContentInfo | None


@asn1.sequence
class Accuracy:
    seconds: int | None
    millis: Annotated[int | None, asn1.Implicit(0)]
    micros: Annotated[int | None, asn1.Implicit(1)]


@asn1.sequence
class TSTInfo:
    version: int
    policy: ObjectIdentifier
    imprint: MessageImprint
    serial: int
    gen_time: asn1.TLV
    accuracy: Accuracy | None
    ordering: bool | None
    nonce: int | None
    tsa: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    extensions: Annotated[list[Extension] | None, asn1.Implicit(1)]


@asn1.sequence
class EncapsulatedContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class IssuerAndSerial:
    issuer: asn1.TLV
    serial: int


@asn1.sequence
class Attribute:
    oid: ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class SignerInfo:
    version: int
    sid: IssuerAndSerial | Annotated[bytes, asn1.Implicit(0)]
    digest_algorithm: DigestAlgorithm
    signed_attributes: Annotated[list[Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: list[asn1.TLV]
    signature: bytes
    unsigned_attributes: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class SignedData:
    version: int
    digest_algorithms: asn1.TLV
    content: EncapsulatedContentInfo
    certificates: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    crls: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class IssuerSerial:
    """ESS names the issuer as GeneralNames."""

    issuer: list[asn1.TLV]
    serial: int


@asn1.sequence
class ESSCertID:
    digest: bytes
    issuer_serial: IssuerSerial | None


@asn1.sequence
class SigningCertificate:
    certificates: list[ESSCertID]
    policies: list[asn1.TLV] | None


@asn1.sequence
class ESSCertIDv2:
    algorithm: DigestAlgorithm | None
    digest: bytes
    issuer_serial: IssuerSerial | None


@asn1.sequence
class SigningCertificateV2:
    certificates: list[ESSCertIDv2]
    policies: list[asn1.TLV] | None


@asn1.sequence
class MaskGeneration:
    oid: ObjectIdentifier
    digest: DigestAlgorithm


@asn1.sequence
class PssParameters:
    """RSASSA-PSS-params, RFC 8017 A.2.3."""

    digest: Annotated[DigestAlgorithm | None, asn1.Explicit(0)]
    mask: Annotated[MaskGeneration | None, asn1.Explicit(1)]
    salt_length: Annotated[int | None, asn1.Explicit(2)]
    trailer: Annotated[int | None, asn1.Explicit(3)]


@asn1.sequence
class TBSCertificate:
    """Read only for the exact bytes of the two names and the public key."""

    version: Annotated[int | None, asn1.Explicit(0)]
    serial: int
    signature: asn1.TLV
    issuer: asn1.TLV
    validity: asn1.TLV
    subject: asn1.TLV
    public_key: asn1.TLV
    issuer_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[asn1.TLV] | None, asn1.Implicit(3)]


@asn1.sequence
class SignedCertificate:
    """A certificate as it was signed: for signatures that :mod:`cryptography` cannot check."""

    tbs: asn1.TLV
    algorithm: list[asn1.TLV]
    signature: asn1.BitString


@asn1.sequence
class AttributeTypeAndValue:
    oid: ObjectIdentifier
    value: asn1.TLV


Name = list[asn1.SetOf[AttributeTypeAndValue]]


@asn1.sequence
class DirectoryName:
    """The directoryName choice of GeneralName, wrapped into a sequence: a choice cannot stand alone."""

    name: Annotated[Name, asn1.Explicit(4)]
