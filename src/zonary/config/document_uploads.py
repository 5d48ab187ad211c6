"""Pieces of files on their way to Django (tus 1.0.0): a request may be as large as its file, what Django gets may not.

A ``PATCH`` is cut into several, each with the offset at which it begins. To the client it is one; when it breaks off,
what came of it is kept, and the client goes on from there.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re

from zonary.common.problems import Problem
from zonary.config.bodies import Pieces
from zonary.config.django_bridge import DjangoBridge
from zonary.config.http import Request, Response

UPLOADS = "/api/v1/uploads/"
UPLOAD_TYPE = "application/offset+octet-stream"
MAX_PIECE_BYTES = 2 * 1024 * 1024
MAX_PIECES = 8
"""In memory of one worker at one time; others wait for their turn, which comes within seconds."""
DOCUMENT_FORM = "/documents/new"
MAX_FORM_BYTES = 8 * 1024 * 1024
"""A form with a file, for browsers without JavaScript; it is in memory whole."""

_OFFSET = re.compile(r"[0-9]{1,15}")
_OVERRIDDEN = ("PATCH", "DELETE", "HEAD")


def is_upload(request: Request) -> bool:
    """Whether ``request`` brings bytes of an upload. Its method becomes that of the protocol's overriding header."""
    if not request.path.startswith(UPLOADS):
        return False
    override = request.header("x-http-method-override").upper()
    if request.method == "POST" and override in _OVERRIDDEN:
        request.method = override
    return request.method == "PATCH" and request.media_type() == UPLOAD_TYPE


class PiecewiseUploads:
    """Hands the bytes of uploads to ``django``, a piece at a time.

    :param turns: of those who use it.
    """

    def __init__(self, django: DjangoBridge, turns: asyncio.Semaphore) -> None:
        self._django = django
        self._turns = turns
        self._pieces = asyncio.Semaphore(MAX_PIECES)

    async def answer(self, request: Request) -> Response:
        """The answer to the last piece, or to the first that was refused."""
        offset = request.header("upload-offset")
        # A digest is of the whole body: it stays in one piece, and may be no larger than that.
        is_whole_only = bool(request.header("upload-checksum"))
        if not _OFFSET.fullmatch(offset):
            raise Problem(400, "bad-offset", "Upload-Offset has to be a whole number from 0 on.")
        if is_whole_only and request.size is not None and request.size > MAX_PIECE_BYTES:
            raise _too_large_for_a_digest()
        pieces, at = Pieces(request, MAX_PIECE_BYTES), int(offset)
        while True:
            async with self._pieces:
                piece, is_last = await pieces.next()
                if is_whole_only:
                    piece = await _rest(pieces, piece, is_last)
                    is_last = True
                headers = request.headers.replacing("upload-offset", str(at))
                async with self._turns:
                    response = await self._django.answer(dataclasses.replace(request, headers=headers), piece)
            at += len(piece)
            if response.status != 204 or is_last:
                return response


async def _rest(pieces: Pieces, piece: bytes, is_last: bool) -> bytes:
    """``piece`` and what follows it, in one."""
    while not is_last:
        more, is_last = await pieces.next()
        piece += more
        if len(piece) > MAX_PIECE_BYTES:
            raise _too_large_for_a_digest()
    return piece


def _too_large_for_a_digest() -> Problem:
    detail = f"With Upload-Checksum send at most {MAX_PIECE_BYTES} bytes in one request."
    return Problem(413, "too-large", detail)
