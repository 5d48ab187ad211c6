"""Distinguished Encoding Rules (ITU-T X.690) as far as timestamps need them.

Decoding is done by :mod:`cryptography.hazmat.asn1`, which refuses what is not DER (indefinite lengths, padded
lengths and integers, unsorted sets); its interface is not promised to stay, so the tests pin what is relied
upon. Whole responses are encoded by joining :func:`tlv` elements, because an authority encodes thousands of
them a second out of mostly constant parts.
"""

from __future__ import annotations

from typing import TypeVar

from cryptography.hazmat import asn1

from zonary.proof.errors import MalformedError

T = TypeVar("T")

OCTET_STRING = 0x04
UTF8_STRING = 0x0C
BIT_STRING = 0x03
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31
CONTEXT_0 = 0xA0
"""``[0]``, constructed."""

ASN1_NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def tlv(tag: int, *contents: bytes) -> bytes:
    """One DER element: ``tag``, the length in its shortest form, and the joined ``contents``."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    if size < 0x100:
        return bytes((tag, 0x81, size)) + content
    if size < 0x10000:
        return bytes((tag, 0x82, size >> 8, size & 0xFF)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + content


def split(data: bytes) -> tuple[bytes, bytes]:
    """The first element of ``data`` and what follows it; where there is none, nothing and all of it."""
    width = data[1] & 0x7F if len(data) > 1 and data[1] & 0x80 else 0
    if len(data) < 2 + width or width > 4:
        return b"", data
    size = 2 + width + (int.from_bytes(data[2 : 2 + width], "big") if width else data[1])
    return (data[:size], data[size:]) if size <= len(data) else (b"", data)


def decode(kind: type[T], data: bytes, name: str | None = None) -> T:
    """``data`` as a ``kind`` and nothing after it.

    :param kind: a class of :mod:`zonary.proof.timestamp.structures`, or a primitive type of
        :mod:`cryptography.hazmat.asn1`.
    :param name: what an error message calls it, in ASN.1's words; by default the name of ``kind``.
    :raises MalformedError: for anything that is not the DER encoding of one ``kind``.
    """
    try:
        return asn1.decode_der(kind, data)
    except (ValueError, TypeError, OverflowError) as error:
        raise MalformedError(
            "This timestamp data cannot be read: {size} bytes are not one {structure} in DER.",
            size=len(data),
            structure=name or kind.__name__,
        ) from error


def raw(element: asn1.TLV) -> bytes:
    """The whole encoding of an element that was decoded as "any": tag, length and contents."""
    return asn1.encode_der(element)
