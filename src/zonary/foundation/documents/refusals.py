"""What is wrong with a request about documents, as the problem details of the API."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from zonary.common.language import say
from zonary.common.problems import Problem
from zonary.foundation.documents.errors import (
    DocumentError,
    MissingContentError,
    QuotaError,
    RefusedContentError,
    UnknownDocumentError,
)
from zonary.foundation.documents.uploads import BusyUploadError, LostUploadError, OffsetError
from zonary.foundation.organizations.permissions import NotAllowedError

_AGAIN = {"Retry-After": "1"}
_PROBLEMS: tuple[tuple[type[Exception], int, str], ...] = (
    (UnknownDocumentError, 404, "not-found"),
    (BusyUploadError, 423, "busy"),
    (OffsetError, 409, "offset"),
    (LostUploadError, 410, "lost"),
    (QuotaError, 413, "no-room"),
    (RefusedContentError, 422, "refused-content"),
    (MissingContentError, 503, "content-missing"),
    (DocumentError, 409, "conflict"),
    (NotAllowedError, 403, "not-allowed"),
)
P = ParamSpec("P")
R = TypeVar("R")


def problem_of(error: DocumentError | NotAllowedError) -> Problem:
    """``error`` as it is told over HTTP."""
    _, status, code = next(known for known in _PROBLEMS if isinstance(error, known[0]))
    return Problem(status, code, say(error), dict(_AGAIN) if status in (423, 503) else {})


def telling(function: Callable[P, R]) -> Callable[P, R]:
    """Have what ``function`` finds wrong told as a problem."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (DocumentError, NotAllowedError) as error:
            raise problem_of(error) from None

    return run
