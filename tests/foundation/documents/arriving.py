"""Bringing documents in, for the tests beside this: through the same upload as everybody's."""

from __future__ import annotations

import base64
import os
import random
from typing import Any

from tests.five_accounts import AT

TEXT = "合同正文，第一版。\n".encode()


def metadata(**values: str) -> str:
    """An Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def bring(by: Any, body: bytes = TEXT, *, at: Any = AT, piece: int | None = None, **values: str) -> Any:
    """The version that ``body`` became."""
    from zonary.foundation.documents.uploads import append, begin_upload

    values = {"filename": "合同.txt", **values}
    upload = begin_upload(by, length=len(body), metadata=metadata(**values), at=at)
    step = piece or len(body)
    for start in range(0, len(body), step):
        upload = append(str(upload.public_id), offset=start, piece=body[start : start + step], by=by, at=at)
    assert upload.version is not None
    return upload.version


def content_of(version: Any) -> bytes:
    """The bytes of a version as the store has them."""
    from zonary.foundation.documents.contents import contents

    return b"".join(contents().read(bytes(version.content.sha256), 0, version.size))


def age_header(*recipients: str) -> bytes:
    """The beginning of an age file, as far as a server without a key can see."""
    stanzas = b""
    for kind in recipients:
        body = base64.b64encode(os.urandom(32)).rstrip(b"=")
        stanzas += b"-> %b %b\n%b\n" % (kind.encode(), body, body)
    mac = base64.b64encode(os.urandom(32)).rstrip(b"=")
    return b"age-encryption.org/v1\n" + stanzas + b"--- " + mac + b"\n"


def age_file(size: int, *recipients: str) -> bytes:
    return age_header(*recipients) + random.Random(7).randbytes(max(32, size))
