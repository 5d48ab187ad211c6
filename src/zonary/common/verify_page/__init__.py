"""The page that verifies a package in a browser: one file, made from ``assets/verify`` at set-up, never changed since.

What it says of itself counts for nothing; its digests do, told by another way. Two builds of one source have the same.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zonary.proof.digests import Digests, digests_of
from zonary.proof.errors import Error

_FILE = Path(__file__).with_name("verify.html")


class VerifyPageError(Error):
    """The page was not built."""


@cache
def verify_page() -> bytes:
    """The file, byte for byte as it is handed out; read once.

    :raises VerifyPageError: when it was not built.
    """
    try:
        return _FILE.read_bytes()
    except FileNotFoundError:
        raise VerifyPageError(
            "The verifying page was not built: {path} is missing. Type: make setup (or, with an environment of your "
            "own: python assets/build.py)",
            path=str(_FILE),
        ) from None


@cache
def verify_page_digests() -> Digests:
    """Both digests of :func:`verify_page`."""
    return digests_of(verify_page())
