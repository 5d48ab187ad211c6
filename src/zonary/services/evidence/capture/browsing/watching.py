"""What passes between browser and network while a page is open: requests, answers, and what the page tries to do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError

from zonary.services.evidence.capture.browsing.orders import Limits, Teller, bounded

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Dialog, Frame, Page, Request, Response, Route

_TOLD_OF_EACH = 8
"""Steps of one kind that a page can cause; more of them are not told."""
_BODY_SECONDS = 8.0
_SECRET = frozenset(("set-cookie", "cookie", "authorization", "proxy-authorization"))
"""Headers whose values are not kept."""
NOT_KEPT = "[not kept]"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    :param body: decoded, as the page got it; None when it was not kept.
    :param protocol: of the certificate's connection, such as ``TLS 1.3``; empty without.
    """

    at: datetime
    method: str
    address: str
    kind: str
    status: int
    status_text: str
    asked: Headers
    answered: Headers
    sent: bytes
    body: bytes | None
    protocol: str = ""

    @property
    def location(self) -> str:
        return next((value for name, value in self.answered if name.lower() == "location"), "")

    def summary(self) -> dict[str, str | int]:
        facts: dict[str, str | int] = {
            "method": self.method, "address": bounded(self.address), "kind": self.kind, "status": self.status
        }  # fmt: skip
        if self.body is not None:
            facts |= {"bytes": len(self.body), "sha256": hashlib.sha256(self.body).hexdigest()}
        return facts


@dataclass
class Watch:
    """Everything a page did; listens from :meth:`attach` on. Without slots: the driver keeps notes on it."""

    limits: Limits
    tell: Teller
    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    requests: int = 0
    navigations: int = 0
    download: str = ""
    exceeded: str = ""
    _kept: int = 0
    _told: dict[str, int] = field(default_factory=dict)
    _reading: set[asyncio.Task[None]] = field(default_factory=set)
    _bodies: dict[str, list[str]] = field(default_factory=dict)
    """Address -> the browser's numbers for answers that came from it and were not read yet."""
    _page: Page | None = None
    _session: CDPSession | None = None

    async def attach(self, context: BrowserContext, page: Page) -> None:
        self._page = page
        self._session = await context.new_cdp_session(page)
        self._session.on("Network.responseReceived", self._came)
        await self._session.send("Network.enable")
        await context.route("**/*", self._pass)
        context.on("page", self._other_window)
        context.on("requestfinished", lambda request: self._begin(self._finished(request)))
        context.on("requestfailed", self._failed)
        page.on("dialog", lambda dialog: self._begin(self._dismiss(dialog)))
        page.on("download", self._downloads)
        page.on("framenavigated", self._went_on)

    async def settled(self, seconds: float) -> None:
        """Wait until the answers that came have been read, so long at most."""
        if self._reading:
            await asyncio.wait(self._reading, timeout=seconds)

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    def note(self, step: str, /, **facts: str | int) -> None:
        """A step the page itself can cause as often as it likes."""
        self._told[step] = self._told.get(step, 0) + 1
        if self._told[step] <= _TOLD_OF_EACH:
            self.tell(step, **facts)

    async def _pass(self, route: Route, request: Request) -> None:
        with suppress(BrowserError):
            if self._may_pass(request):
                await route.continue_()
            else:
                await route.abort("blockedbyclient")

    def _may_pass(self, request: Request) -> bool:
        if urlsplit(request.url).scheme not in ("http", "https"):
            self.note("scheme", address=request.url)
            return False
        self.requests += 1
        if self.requests > self.limits.requests:
            if not self.exceeded:
                self.exceeded = "too-many-requests"
                self.tell("too-many-requests", limit=self.limits.requests)
            return False
        if request.is_navigation_request() and self._is_main(request):
            self.navigations += 1
            if self.navigations > self.limits.redirects:
                if self.exceeded != "too-many-redirects":
                    self.exceeded = "too-many-redirects"
                    self.tell("too-many-redirects", limit=self.limits.redirects)
                return False
        return True

    def _is_main(self, request: Request) -> bool:
        with suppress(BrowserError):
            return self._page is not None and request.frame == self._page.main_frame
        return False

    def _other_window(self, page: Page) -> None:
        if page is not self._page:
            self.note("popup", address=page.url)
            self._begin(self._close(page))

    async def _close(self, page: Page) -> None:
        with suppress(BrowserError):
            await page.close()

    async def _dismiss(self, dialog: Dialog) -> None:
        self.note("dialog", kind=dialog.type, message=dialog.message)
        with suppress(BrowserError):
            await dialog.dismiss()

    def _downloads(self, download: Any) -> None:
        self.download = bounded(download.suggested_filename)
        self.note("download", name=self.download, address=download.url)

    def _went_on(self, frame: Frame) -> None:
        if self._page is not None and frame == self._page.main_frame:
            self.note("navigated", address=frame.url)

    def _failed(self, request: Request) -> None:
        reason = request.failure or ""
        if len(self.failures) < self.limits.requests:
            self.failures.append((bounded(request.url), bounded(reason)))

    async def _finished(self, request: Request) -> None:
        at = self.tell.at()
        with suppress(BrowserError):
            response = await request.response()
            if response is None or len(self.exchanges) >= self.limits.requests:
                return
            if urlsplit(response.url).scheme not in ("http", "https"):
                return
            body = await self._body(request, response)
            security = await response.security_details()
            self.exchanges.append(
                Exchange(
                    at=at,
                    method=request.method,
                    address=request.url,
                    kind=request.resource_type,
                    status=response.status,
                    status_text=response.status_text,
                    asked=_kept_headers(await request.headers_array()),
                    answered=_kept_headers(await response.headers_array()),
                    sent=(request.post_data_buffer or b"")[: self.limits.document],
                    body=body,
                    protocol="" if security is None else security.get("protocol") or "",
                )
            )
            if self._is_main(request) and request.is_navigation_request():
                self._tell_of_page(request, response)

    def _tell_of_page(self, request: Request, response: Response) -> None:
        target = self.exchanges[-1].location
        if 300 <= response.status < 400 and target:
            self.note("redirected", address=request.url, target=target, status=response.status)
        else:
            self.note("answered", address=request.url, status=response.status)

    async def _body(self, request: Request, response: Response) -> bytes | None:
        if 300 <= response.status < 400:
            return b""  # a browser does not keep what came with a redirect
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await self._received(request, response)
        except (BrowserError, TimeoutError):
            return None
        if len(body) > self.limits.body or self._kept + len(body) > self.limits.bytes:
            return None
        self._kept += len(body)
        return body

    async def _received(self, request: Request, response: Response) -> bytes:
        """The body as it came. The driver's own way asks the server again for one that is empty, a broken picture for
        example; what came then would not be what the page got. It is left for frames in processes of their own."""
        waiting = self._bodies.get(request.url)
        if not waiting or self._session is None:
            return await response.body()
        found = await self._session.send("Network.getResponseBody", {"requestId": waiting.pop(0)})
        return base64.b64decode(found["body"]) if found["base64Encoded"] else str(found["body"]).encode("utf-8")

    def _came(self, event: dict[str, Any]) -> None:
        self._bodies.setdefault(str(event["response"]["url"]), []).append(str(event["requestId"]))


def _kept_headers(found: Any) -> Headers:
    return tuple((str(each["name"]), _kept_value(str(each["name"]), str(each["value"]))) for each in found)


def _kept_value(name: str, value: str) -> str:
    """Who reads the archive must not be able to go on with the session: of a cookie its name and its terms are kept."""
    name = name.lower()
    if name not in _SECRET:
        return value
    if name != "set-cookie":
        return NOT_KEPT
    return "\n".join(_kept_cookie(each) for each in value.split("\n"))


def _kept_cookie(cookie: str) -> str:
    pair, semicolon, terms = cookie.partition(";")
    return f"{pair.partition('=')[0]}={NOT_KEPT}{semicolon}{terms}"
