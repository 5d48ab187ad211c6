"""Certificates by the hundred, in one ZIP file that is sent while it is made.

Each is issued by itself, in a transaction of its own, just before it is drawn: nobody else waits for the whole, and one
that cannot be issued any more costs the others nothing. What was issued stays, also when whoever fetches goes away.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, cast

from zonary.common.clock import Clock
from zonary.common.language import say
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.evidence.certificates.actions import issue_certificate
from zonary.services.evidence.certificates.contents import Shown
from zonary.services.evidence.certificates.errors import CannotCertifyError
from zonary.services.evidence.certificates.making import PDF, CertificateForm, file_of
from zonary.services.evidence.certificates.queries import certifiable, require_allowance
from zonary.services.evidence.queries import description_of

MAX_AT_ONCE = 1000
LEFT_OUT = "NOT-ISSUED.txt"


Wanted = tuple[str, Shown]
"""A record, and what of it is to be shown."""


def require_certifiable(wanted: Sequence[Wanted], *, by: Standing, at: datetime) -> list[Wanted]:
    """Those, each once; looked at before the first byte is sent.

    :raises UnknownRecordError: when ``by`` has no such record.
    :raises CannotCertifyError: when there are too many, or none can be issued about one of them.
    :raises TooManyCertificatesError: when the holder may not have as many today.
    """
    each_once = list(dict.fromkeys(wanted))
    if not each_once:
        raise CannotCertifyError("Choose the records first about which certificates are to be issued.")
    if len(each_once) > MAX_AT_ONCE:
        raise CannotCertifyError("Between 1 and {limit} certificates can be issued at one time.", limit=MAX_AT_ONCE)
    for public_id, shown in each_once:
        try:
            certifiable(by, public_id, shown)
        except CannotCertifyError as error:
            described = description_of(by, public_id)
            title = public_id if described is None else described.title
            raise CannotCertifyError("“{title}”: {reason}", title=title, reason=error) from error
    require_allowance(by, len(each_once), at=at)
    return each_once


def issued_files(
    wanted: Sequence[Wanted], *, by: Standing, clock: Clock, form: CertificateForm = PDF
) -> Iterator[bytes]:
    """A ZIP file of a certificate about each record, piece by piece: one is in memory at a time.

    What could not be issued meanwhile stands in ``NOT-ISSUED.txt``, and why.
    """
    pieces, left_out = _Pieces(), list[str]()
    with zipfile.ZipFile(cast("IO[bytes]", pieces), "w", zipfile.ZIP_STORED) as archive:
        for public_id, shown in wanted:
            try:
                issued = issue_certificate(public_id, shown=shown, by=by, at=clock())
                archive.writestr(f"{issued.public_id}{form.suffix}", file_of(issued, form))
            except Error as error:
                left_out.append(f"{public_id} {say(error)}\n")
            yield pieces.take()
        if left_out:
            archive.writestr(LEFT_OUT, "".join(left_out))
    yield pieces.take()


class _Pieces:
    """What was written since it was last asked; a zip file needs no more of a file than that."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
