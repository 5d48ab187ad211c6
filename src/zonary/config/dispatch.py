"""Which part of the program answers an address, and what every answer has in common."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Mapping

from zonary.common import problems
from zonary.common.problems import Problem
from zonary.config.admission import Admit
from zonary.config.bodies import Body
from zonary.config.counts import area_of
from zonary.config.django_bridge import DjangoBridge, Handler
from zonary.config.document_uploads import (
    DOCUMENT_FORM,
    MAX_FORM_BYTES,
    MAX_PIECE_BYTES,
    PiecewiseUploads,
    is_upload,
)
from zonary.config.http import DisconnectedError, Endpoint, Request, Response, problem_response
from zonary.config.server_log import note_request
from zonary.engines.clauses.packs.shapes import MAX_PACK_BYTES
from zonary.engines.clauses.tables.sheets import MAX_BYTES as MAX_WORKBOOK_BYTES
from zonary.foundation.organizations.registry import MAX_UPLOAD
from zonary.services.evidence.rules import MAX_GIVEN_BYTES, MAX_MATERIAL_BYTES
from zonary.services.incentives.grants.results_files import MAX_BYTES as MAX_RESULTS_BYTES
from zonary.services.incentives.library.rules import MAX_TEXT_BYTES

MAX_BODY_BYTES = 64 * 1024
MAX_BODY_BYTES_BY_PATH = {
    "/api/v1/evidence/batch": 8 * 1024 * 1024,
    "/api/v1/evidence/certificates": MAX_GIVEN_BYTES,
    "/api/v1/facts/import": 8 * 1024 * 1024,
    "/facts/import": 8 * 1024 * 1024,
    "/api/v1/rules/drafts": MAX_PACK_BYTES,
    "/rules/drafts/new": MAX_PACK_BYTES + MAX_BODY_BYTES,
    DOCUMENT_FORM: MAX_FORM_BYTES,
    "/registry/upload": MAX_UPLOAD,
    "/api/v1/registry/imports": MAX_UPLOAD,
}
"""What Django is given at most: 10,000 items of a batch have at most some 350 bytes each, and may be spaced; a form
with a file is for small ones."""
MAX_LISTS_BYTES = MAX_MATERIAL_BYTES + MAX_BODY_BYTES
"""The list of the files of a record, and the statement over it."""
_LISTS = re.compile(r"/api/v1/evidence/[0-9a-f-]{36}/material")
_DISCLOSURES = re.compile(r"(/api/v1)?/evidence/[0-9a-f-]{36}/certificates?(/disclosure)?")
"""What is to be shown in a certificate: names of files, or a package that shows some."""
MAX_POLICY_TEXT_BYTES = MAX_TEXT_BYTES + MAX_BODY_BYTES
"""The words of a policy document, in JSON or in a form with a file."""
_POLICY_TEXTS = re.compile(r"(/api/v1)?/incentives/documents(/new|/[0-9a-f-]{36}/editions?)?")
_WORKBOOKS = re.compile(r"/incentives/editor/[0-9a-f-]{36}/tables")
_RESULTS = re.compile(r"(/api/v1)?/incentives/grants/files/[0-9a-f-]{36}(/results)?")
"""What a bank answered, in JSON or in a form with a file."""
MAX_LARGE_REQUESTS = 8
"""Bodies beyond MAX_BODY_BYTES in memory of one worker at one time. More have to wait, and hold up no request of the
usual size."""
MAX_DJANGO_REQUESTS = 16
"""At work in one worker at one time; each takes a thread and a database connection. Others wait their turn."""

_JSON = "application/json"
_log = logging.getLogger("zonary.server")


class Dispatcher:
    """Calls an endpoint by its address, or Django.

    :param exact: address -> endpoint.
    :param prefixed: beginning of an address -> endpoint.
    :param count: told area and status of every response.
    :param admit: asked before a body that may be large is read.
    :param refusal: how a problem is told to whoever asked.
    """

    def __init__(
        self,
        exact: Mapping[str, Endpoint],
        prefixed: Mapping[str, Endpoint],
        django: Handler,
        count: Callable[[str, int], None],
        admit: Admit,
        refusal: Callable[[Request, Problem], Response] = lambda _request, problem: problem_response(problem),
    ) -> None:
        self._exact = exact
        self._prefixed = tuple(prefixed.items())
        self._django = DjangoBridge(django, MAX_DJANGO_REQUESTS)
        self._count = count
        self._admit = admit
        self._refusal = refusal
        self._turns = asyncio.Semaphore(MAX_DJANGO_REQUESTS)
        self._uploads = PiecewiseUploads(self._django, self._turns)
        self._large_turns = asyncio.Semaphore(MAX_LARGE_REQUESTS)

    async def __call__(self, request: Request) -> Response:
        """The response to ``request``; raises nothing."""
        began = time.monotonic()
        endpoint = self._exact.get(request.path) or self._find(request.path)
        try:
            response = await (self._through_django(request) if endpoint is None else endpoint(request))
        except DisconnectedError:
            # Nobody hears this when the client has gone; after a body that is no HTTP it is the answer.
            response = problem_response(Problem(400, "incomplete", "The body broke off, or is wrongly chunked."))
        except Problem as problem:
            response = self._refusal(request, problem)
        except Exception:
            _log.exception("%s %r failed", request.method, request.path)
            response = problem_response(problems.unexpected())
        self._count(area_of(request.path), response.status)
        note_request(request.method, request.path, response.status, began)
        return response

    def _find(self, path: str) -> Endpoint | None:
        for prefix, endpoint in self._prefixed:
            if path.startswith(prefix):
                return endpoint
        return None

    async def _through_django(self, request: Request) -> Response:
        if request.media_type() == _JSON and request.charset() not in ("", "utf-8"):
            raise problems.wrong_content_type(_JSON)
        limit = MAX_PIECE_BYTES if is_upload(request) else _limit_of(request)
        if limit > MAX_BODY_BYTES:
            await self._admit(request)
        if is_upload(request):
            return await self._uploads.answer(request)
        body = Body(request, limit)
        # A turn is for those who have begun to send a large body; whoever only announces one waits alone.
        async with contextlib.nullcontext() if await body.arrive(MAX_BODY_BYTES) else self._large_turns:
            await body.arrive()
            async with self._turns:
                return await self._django.answer(request, body.whole())


def _limit_of(request: Request) -> int:
    """The most bytes ``request`` may have. Who only reads sends none, and need not say who they are to be let in."""
    path = request.path
    if request.method in ("GET", "HEAD"):
        return MAX_BODY_BYTES
    if _DISCLOSURES.fullmatch(path):
        return MAX_GIVEN_BYTES + MAX_BODY_BYTES
    if _POLICY_TEXTS.fullmatch(path):
        return MAX_POLICY_TEXT_BYTES
    if _WORKBOOKS.fullmatch(path):
        return MAX_WORKBOOK_BYTES + MAX_BODY_BYTES
    if _RESULTS.fullmatch(path):
        return MAX_RESULTS_BYTES + MAX_BODY_BYTES
    return MAX_LISTS_BYTES if _LISTS.fullmatch(path) else MAX_BODY_BYTES_BY_PATH.get(path, MAX_BODY_BYTES)
