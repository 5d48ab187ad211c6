"""Certificates, genuine and not, each with what is to be said of it: by the command, and by the page in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from tests.proof.package.factory import Zone, observed
from tests.proof.package.sample import Seen
from tests.services.evidence.certificates.making import NAME, NUMBER, CertifyingZone, disclosure, make_zone
from tests.services.evidence.certificates.resigning import listed, with_everything
from tests.services.evidence.certificates.restamping import restampings

ADDED = "Something was added to the PDF, or replaced in it, after it was signed."
CHANGED = "The PDF was changed after it was signed: it is not the certificate that was issued."
LAID_OUT = "The file is not laid out as a certificate is"
ANYBODY = "anybody can make such a file around a package that is not theirs"
GENUINE = "The PDF is as it was signed by"


@dataclass(frozen=True)
class CertificateSample:
    """:ivar wanted: what some sentence of its report begins with or holds."""

    name: str
    pdf: bytes
    trusts: Sequence[Any]
    wanted: str
    files: Sequence[Seen] | None = None
    is_verified: bool = False


def updated(certificate: bytes, change: Callable[[Any], None], zone: CertifyingZone | None = None) -> bytes:
    """With something added after the end, as an editor of PDFs does; with ``zone`` under a document timestamp of it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper

    from zonary.services.evidence.certificates.rendering import signing

    # The writer of ours leaves the metadata alone, so that nothing but the change is at stake.
    writer = signing._Archival(io.BytesIO(certificate)) if zone else IncrementalPdfFileWriter(io.BytesIO(certificate))
    change(writer)
    out = io.BytesIO()
    if zone is None:
        writer.write(out)
    else:
        stamper = PdfTimeStamper(signing._Timestamps(zone.means), field_name="Later")
        stamper.timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


def swap_attachment(data: bytes) -> Callable[[Any], None]:
    def swap(writer: Any) -> None:
        tree = writer.root["/Names"]["/EmbeddedFiles"]
        names = tree["/Names"] if "/Names" in tree else tree["/Kids"][0]["/Names"]
        for position in range(1, len(names), 2):
            if "zonary" in str(names[position]["/UF"]):
                stream = names[position]["/EF"].raw_get("/F").get_object()
                stream._data, stream._encoded_data = data, None
                stream.pop("/Filter", None)
                writer.update_container(stream)

    return swap


def _new_title(writer: Any) -> None:
    from pyhanko.pdf_utils.generic import NameObject, TextStringObject

    info = writer.trailer["/Info"]
    info[NameObject("/Title")] = TextStringObject("Patent granted")
    writer.update_container(info)


def _new_info(writer: Any) -> None:
    from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, TextStringObject

    writer.set_info(writer.add_object(DictionaryObject({NameObject("/Title"): TextStringObject("Patent granted")})))


def _new_metadata(writer: Any) -> None:
    stream = writer.root["/Metadata"]
    stream._data, stream._encoded_data = stream.data.replace(b"Evidence", b"Verified"), None
    writer.update_container(stream)


def _new_language(writer: Any) -> None:
    from pyhanko.pdf_utils.generic import NameObject, TextStringObject

    writer.root[NameObject("/Lang")] = TextStringObject("xx")
    writer.update_root()


def _new_note(writer: Any) -> None:
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

    page = writer.root["/Pages"]["/Kids"][0]
    note = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FreeText"),
        NameObject("/Contents"): TextStringObject("Patent granted"),
        NameObject("/Rect"): ArrayObject([FloatObject(each) for each in (10, 10, 300, 60)]),
    })  # fmt: skip
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def _nothing(_writer: Any) -> None:
    pass


def _visible_stamp(certificate: bytes, zone: CertifyingZone) -> bytes:
    """A document timestamp that shows a picture on the first page."""
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    spec = SigFieldSpec(sig_field_name="Later", box=(10, 10, 300, 60))
    return updated(certificate, lambda writer: append_signature_field(writer, spec), zone)


def _flipped(content: bytes, at: int, bit: int = 1) -> bytes:
    return content[:at] + bytes((content[at] ^ bit,)) + content[at + 1 :]


def _bomb(certificate: bytes) -> Callable[[Any], None]:
    import zlib

    def swap(writer: Any) -> None:
        from pyhanko.pdf_utils.generic import NameObject

        swap_attachment(b"")(writer)
        names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        for position in range(1, len(names), 2):
            if "zonary" in str(names[position]["/UF"]):
                stream = names[position]["/EF"].raw_get("/F").get_object()
                packing = zlib.compressobj(9)
                piece = bytes(8 * 1024 * 1024)
                packed = b"".join(packing.compress(piece) for _ in range(65)) + packing.flush()
                stream[NameObject("/Filter")] = NameObject("/FlateDecode")
                stream._data, stream._encoded_data = None, packed
                writer.update_container(stream)

    return swap


def certificates(certifying: CertifyingZone, folder: Path) -> Iterator[CertificateSample]:
    """All of them."""
    trusts = [certifying.trust]
    package = certifying.zone.package({NAME: b"first"})
    facts = certifying.facts(package)
    genuine = certifying.certificate(facts, package)
    yield from _genuine(certifying, genuine, package)
    yield from _followed(certifying, genuine, package)
    yield from _altered(certifying, genuine)
    yield from _made_otherwise(certifying, package, folder)
    from pyhanko.pdf_utils.writer import PdfFileWriter

    out = io.BytesIO()
    PdfFileWriter().write(out)
    for name, content, wanted in (
        ("no certificate", out.getvalue(), LAID_OUT),
        ("a PDF of nothing", b"%PDF-1.7\n", LAID_OUT),
        ("cut short", genuine[: len(genuine) // 2], LAID_OUT),
        ("without its last byte but one", genuine[:-3], LAID_OUT),
        ("something behind it", genuine + b"\n% and more\n", LAID_OUT),
        ("before it was signed", certifying.rendered(facts, package), "does not carry one signature"),
    ):
        yield CertificateSample(name, content, trusts, wanted)


def _genuine(certifying: CertifyingZone, genuine: bytes, package: bytes) -> Iterator[CertificateSample]:
    trust, zone = certifying.trust, certifying.zone
    seen = [(each, b"first") for each in observed({NAME: b"first"}, folders=False)]
    other = [(each, b"other") for each in observed({NAME: b"other"}, folders=False)]
    yield CertificateSample("genuine", genuine, [trust], GENUINE, is_verified=True)
    yield CertificateSample("genuine, with its file", genuine, [trust], GENUINE, seen, is_verified=True)
    yield CertificateSample("genuine, with another file", genuine, [trust], GENUINE, other)
    yield CertificateSample("nobody trusted", genuine, [], "you have not said that you trust its signer")
    for name, less in (("root", "certificate_roots"), ("signer", "certificate_signers")):
        older = replace(trust, **{less: ()})
        yield CertificateSample(f"no {name} trusted", genuine, [older], "you have not said that you trust its signer")
    for name, of in (
        ("a folder", zone.package()),
        ("a disclosure", disclosure(zone)),
        ("two trees", zone.package(second={})),
    ):
        made = certifying.certificate(certifying.facts(of), of)
        yield CertificateSample(f"of {name}", made, [trust], GENUINE, is_verified=True)
    whole, roots = with_everything(zone)
    made = certifying.certificate(certifying.facts(whole), whole)
    known = replace(trust, timestamp_roots=(*trust.timestamp_roots, *roots))
    yield CertificateSample("with everything", made, [known], GENUINE, is_verified=True)
    yield CertificateSample("with everything, and the own authority known", made, [trust], GENUINE, is_verified=True)
    sparse = certifying.certificate(certifying.facts(package, is_full=False), package)
    yield CertificateSample("that states little", sparse, [trust], GENUINE, is_verified=True)
    later = updated(genuine, _nothing, certifying)
    yield CertificateSample("a later document timestamp", later, [trust], GENUINE, is_verified=True)


def _followed(certifying: CertifyingZone, genuine: bytes, package: bytes) -> Iterator[CertificateSample]:
    """Something after the signature, with and without a document timestamp of the zone's own authority over it."""
    trusts = [certifying.trust]
    other = certifying.zone.package({NAME: b"other"})
    changes = {
        "another title": _new_title,
        "another information dictionary": _new_info,
        "other metadata": _new_metadata,
        "another language": _new_language,
        "a note on a page": _new_note,
        "a swapped attachment": swap_attachment(other),
    }
    for name, change in changes.items():
        yield CertificateSample(name, updated(genuine, change), trusts, ADDED)
        yield CertificateSample(f"{name}, timestamped", updated(genuine, change, certifying), trusts, ADDED)
    yield CertificateSample("a visible timestamp", _visible_stamp(genuine, certifying), trusts, ADDED)
    for name, made, wrong in restampings(genuine, certifying):
        wanted = {"added": ADDED, "laid out": LAID_OUT}.get(wrong, GENUINE)
        yield CertificateSample(name, made, trusts, wanted, is_verified=not wrong)
    bomb = updated(genuine, _bomb(genuine))
    yield CertificateSample("an attachment that is a bomb", bomb, trusts, "is damaged, or unpacks to too much")
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, out = IncrementalPdfFileWriter(io.BytesIO(genuine)), io.BytesIO()
    writer.encrypt  # noqa: B018 - an editor that writes a stream in the place of a table
    writer.output_version = (2, 0)
    writer.stream_xrefs = True
    _new_language(writer)
    writer.write(out)
    yield CertificateSample("a table in a stream", out.getvalue(), trusts, LAID_OUT)


def _altered(certifying: CertifyingZone, genuine: bytes) -> Iterator[CertificateSample]:
    """Single bytes."""
    trusts = [certifying.trust]
    for marker, after, wanted in (
        (b"/Title", 12, CHANGED),
        (b"/Producer", 12, CHANGED),
        (b"/EmbeddedFiles", 2, LAID_OUT),
        (b"/FlateDecode\nstream", 30, CHANGED),
        (b"\nxref\n", 40, LAID_OUT),
        (b"/ByteRange [", 12, ADDED),
        (b"/DSS", 1, ADDED),
    ):
        if marker in genuine:
            changed = _flipped(genuine, genuine.rindex(marker) + after)
            yield CertificateSample(f"a bit behind {marker.decode()}", changed, trusts, wanted)
    first = genuine.index(b"/Contents <308") + 11
    last = genuine.rindex(b"/Contents <308") + 11
    for name, at in (("signature", first), ("timestamp", last)):
        digits = bytearray(genuine)
        digits[at + 900] = ord("1") if digits[at + 900] != ord("1") else ord("2")
        yield CertificateSample(f"a digit of the {name}", bytes(digits), trusts, "")
        digits = bytearray(genuine)
        digits[at + 6] = ord("1") if digits[at + 6] != ord("1") else ord("2")
        yield CertificateSample(f"an early digit of the {name}", bytes(digits), trusts, "")


def _made_otherwise(certifying: CertifyingZone, package: bytes, folder: Path) -> Iterator[CertificateSample]:
    """Signed, and not what it says."""
    trust, facts = certifying.trust, certifying.facts(package)
    other = certifying.zone.package({NAME: b"other"})
    forger = certifying.of_another_signer(folder / "forger")
    forged = forger.certificate(facts, package)
    yield CertificateSample("another signer", forged, [trust], ANYBODY)
    both = replace(
        trust, certificate_roots=(*trust.certificate_roots, *make_zone(folder / "forger").trust.certificate_roots)
    )
    yield CertificateSample("another customer of the same authority", forged, [both], ANYBODY)
    about = "The certificate was made about another package than the one attached to it"
    yield CertificateSample("about another package", certifying.certificate(facts, other), [trust], about)
    for address in ("https://elsewhere.example/certificates/1", "javascript:alert(1)"):
        elsewhere = certifying.certificate(msgspec.structs.replace(facts, address=address), package)
        wanted = "The QR code or a link of the certificate leads elsewhere"
        yield CertificateSample(f"a QR code to {address}", elsewhere, [trust], wanted)
    moved = msgspec.structs.replace(facts.operator, url="https://before.example")
    address = f"https://before.example/certificates/{NUMBER}"
    before = certifying.certificate(msgspec.structs.replace(facts, operator=moved, address=address), package)
    yield CertificateSample(
        "a server that moved", before, [trust], "your trust file has this log elsewhere", is_verified=True
    )
    elsewhere = replace(trust, timestamp_roots=Zone().trust.timestamp_roots)
    genuine = certifying.certificate(facts, package)
    yield CertificateSample("another timestamp authority", genuine, [elsewhere], "")
    later = msgspec.structs.replace(facts, version="zonary-certificate/9")
    yield CertificateSample("of a later version", certifying.certificate(later, package), [trust], "has version")
    for name, made, wanted in listed(certifying, package):
        yield CertificateSample(name, made, [trust], wanted or GENUINE, is_verified=not wanted)
