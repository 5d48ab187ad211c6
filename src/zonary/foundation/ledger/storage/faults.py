"""What an object store answered instead of doing what it was asked, as a sentence without secrets.

The library's own messages quote the store's answer, in which stores repeat key names and signed requests; of them only
the status, the one word for the fault, and the kind of a broken connection are taken over.
"""

from __future__ import annotations

import re

from obstore import exceptions

from zonary.foundation.ledger.storage.protocol import StoreError
from zonary.proof.errors import Error

FAULTS = (exceptions.BaseError, OSError, NotImplementedError)
"""What the library raises; a fault of the network is a ``GenericError``, a missing object FileNotFoundError."""
NOT_OURS = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
"""Access is refused. That may be mended, but not by asking again at once."""
CONFLICTS = (exceptions.AlreadyExistsError, exceptions.PreconditionError)
"""A conditional request was refused because the object is another than expected."""
_UNABLE = (400, 405, 501)
_STATUS = re.compile(r"status code: ([1-5][0-9]{2})")
_TIMED_OUT = re.compile(r"kind: Timeout|kind: TimedOut|operation timed out")
_CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,64})</Code>")


class OtherBytesError(Exception):
    """The store said that it stored an object, and does not give it back."""


class AbandonedError(Exception):
    """Another object of the same write failed; this one is not tried again."""


def status_of(fault: BaseException) -> int | None:
    """The HTTP status the store answered with, if it answered."""
    found = _STATUS.search(str(fault))
    return int(found[1]) if found else None


def _code_of(fault: BaseException) -> str:
    """What the store itself calls the fault, such as ``SlowDown``; empty when it does not say."""
    found = _CODE.search(str(fault))
    return found[1] if found else ""


def is_missing(fault: FileNotFoundError) -> bool:
    """Whether the store, having let us in, has no such object.

    Stores also answer 404 when there is no bucket, or nobody of that name: neither may pass for an empty log.
    """
    return status_of(fault) is None or _code_of(fault) == "NoSuchKey"


def is_unable(fault: BaseException) -> bool:
    """Whether the store does not know this kind of request at all."""
    unknown = isinstance(fault, NotImplementedError | exceptions.NotSupportedError)
    return unknown or status_of(fault) in _UNABLE


def refusal(address: str, path: str, fault: BaseException) -> StoreError:
    """What to say of ``fault``, met when asking the store ``address`` for ``path``."""
    if isinstance(fault, StoreError):
        return fault
    if isinstance(fault, NOT_OURS) or _code_of(fault) == "InvalidAccessKeyId":
        return StoreError(
            Error(
                "The object store {address} refuses access to {path}. See that AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY are right and may read, write, list and delete there, and that the clock is "
                "right.",
                address=address,
                path=path,
            )
        )
    if _code_of(fault) == "NoSuchBucket":
        return StoreError(
            Error("There is no bucket at {address}. Create it, or correct the address or the region.", address=address)
        )
    return StoreError(
        Error(
            "The object store {address} fails at {path}: {reason} See that it runs and can be reached; nothing is "
            "lost meanwhile.",
            address=address,
            path=path,
            reason=_reason(fault),
        )
    )


def _reason(fault: BaseException) -> Error:
    if isinstance(fault, OtherBytesError):
        return Error("it does not give back what it said it had stored.")
    if isinstance(fault, CONFLICTS):
        return Error("it refuses to replace the very object it shows.")
    if status := status_of(fault):
        return Error("it answers with status {status} {code}.", status=status, code=_code_of(fault) or "Error")
    if _TIMED_OUT.search(str(fault)):
        return Error("it does not answer in time.")
    return Error("the connection fails.")
