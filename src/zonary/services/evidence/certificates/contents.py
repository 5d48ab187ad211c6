"""What a certificate is about: the package of a record as it is made here, or a disclosure of some of its files.

The list of a record is here, or it is its holder's alone. Where it is here, the holder names the files and the
disclosure is made of it. Where it is not, the holder makes the disclosure (``zonary disclose``) and hands in that: so
nobody here ever reads the names of the files that are not shown. A whole list of theirs is never taken for a
certificate alone: the certificate holds what it is about, and so would this server from then on.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import MAX_DISCLOSED, disclose, parse_disclosure
from zonary.proof.errors import Error
from zonary.proof.manifest import parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.build import complete, write_disclosure
from zonary.proof.package.container import Container, PackageWriter
from zonary.proof.printable import printable
from zonary.proof.statement import decode_statement
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.certificates.errors import CannotCertifyError
from zonary.services.evidence.queries import Receipt, list_of, package_of, parts_of
from zonary.services.evidence.rules import MAX_GIVEN_BYTES, WrongMaterialError


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of a record a certificate shows; neither: all of it.

    :param files: names, as they were sealed, of the files in a list that is here.
    :param disclosure: the package that the holder of a list made of it, by ``zonary disclose``.
    """

    files: tuple[bytes, ...] = ()
    disclosure: bytes = b""

    @property
    def is_part(self) -> bool:
        return bool(self.files or self.disclosure)


WHOLE = Shown()


def contents_of(receipt: Receipt, shown: Shown) -> bytes:
    """The package that goes into a certificate; its tokens must have been made.

    :raises CannotCertifyError: when that cannot be made of this record.
    :raises WrongMaterialError: when what was handed in is no disclosure of it.
    :raises UnknownRecordError: when it was erased meanwhile.
    """
    if shown.disclosure:
        return _rebuilt(receipt, shown.disclosure)
    whole = package_of(receipt)
    if whole is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=receipt.public_id)
    return _disclosed(whole, shown.files) if shown.files else whole


def names_in(receipt: Receipt) -> list[bytes]:
    """The names in the list of a record that is here, in order; none for one of a single file."""
    listed = list_of(receipt)
    return [] if listed is None else sorted(listed.named())


def _disclosed(whole: bytes, files: Sequence[bytes]) -> bytes:
    package, out = Container(io.BytesIO(whole)), io.BytesIO()
    manifest = parse_manifest(package.read(member.MANIFEST))
    named = manifest.named()
    if not named:
        raise CannotCertifyError("This record is of one file, which a certificate shows whole: choose no files.")
    wanted = list(dict.fromkeys(files))
    for name in wanted:
        if name not in named:
            raise CannotCertifyError("“{name}” is not the name of a file in this record.", name=printable(name[:1024]))
    if len(wanted) > MAX_DISCLOSED:
        raise CannotCertifyError("At most {limit} files can be shown in one certificate.", limit=MAX_DISCLOSED)
    write_disclosure(out, package, disclose(manifest, [named[name][0] for name in wanted]))
    return out.getvalue()


def _rebuilt(receipt: Receipt, given: bytes) -> bytes:
    """The disclosure that was handed in with proof and tokens as they are here: nothing else of it is taken."""
    if receipt.has_package:
        raise CannotCertifyError("The list of this record is here: name the files, and the disclosure is made here.")
    if len(given) > MAX_GIVEN_BYTES:
        raise WrongMaterialError("A disclosure for a certificate has at most {limit} bytes.", limit=MAX_GIVEN_BYTES)
    try:
        package = Container(io.BytesIO(given))
        if member.DISCLOSURE not in package:
            raise WrongMaterialError(
                "This is no disclosure. Make one of your package with “zonary disclose”; to have the whole list in a "
                "certificate, store it with the record."
            )
        statement = package.read(member.STATEMENT)
        if digests_of(statement) != receipt.digests:
            raise WrongMaterialError("This is not the statement that was registered: it has other digests.")
        said, disclosure = decode_statement(statement), parse_disclosure(package.read(member.DISCLOSURE))
        for leaf in disclosure.leaves:
            leaf.verify(said.manifest)
    except WrongMaterialError:
        raise
    except Error as error:
        raise WrongMaterialError("What came is no disclosure of this record: {reason}", reason=error) from error
    if said.observed:  # or what somebody wrote there would be printed as what the zone saw
        raise WrongMaterialError("What a service observed is written by the service: leave “observed” empty.")
    parts = parts_of(receipt)
    if parts is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=receipt.public_id)
    out = io.BytesIO()
    writer = PackageWriter(out)
    writer.add(member.STATEMENT, statement)
    writer.add(member.DISCLOSURE, disclosure.encode())
    complete(writer, statement, parts)
    return out.getvalue()
