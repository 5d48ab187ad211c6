"""Opening the address and looking at it: every stage bounded in time, each with a clear end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from zonary.services.evidence.capture.browsing.archive import ArchivedPage, write_archive
from zonary.services.evidence.capture.browsing.certificates import Chain, chain_of
from zonary.services.evidence.capture.browsing.guard import USER, Guard, RefusedError
from zonary.services.evidence.capture.browsing.orders import Order, Teller, bounded
from zonary.services.evidence.capture.browsing.watching import Watch
from zonary.services.evidence.capture.files import ARCHIVE, CHAIN, PRINTED, RENDERED, SCREENSHOT
from zonary.services.evidence.capture.version import software

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright

T = TypeVar("T")
WIDTH, HEIGHT = 1366, 900
LOCALE, TIME_ZONE = "zh-CN", "Asia/Shanghai"
_LAUNCH_SECONDS = 20.0
_MAX_CHAINS = 5
_MAX_LEFT_OUT = 3
"""After so many things that did not come in their time nothing more is asked of the page."""
_NET_ERROR = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_REDIRECTS = "ERR_TOO_MANY_REDIRECTS"
ARGUMENTS = (
    # Names mean nothing to the browser itself: it can only ask the proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-gpu",
    "--disable-extensions",
    # Said once: of several the last counts. Nothing the browser would fetch for itself, and no address it would change.
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,InterestFeedContentSuggestions,"
    "LensOverlay,MediaRouter,OptimizationGuideModelDownloading,OptimizationHints,PaintHolding,Translate",
)


@dataclass(slots=True)
class Seen:
    """What the opening came to."""

    outcome: str = "captured"
    title: str = ""
    final: str = ""
    status: int = 0
    agent: str = ""
    browser: str = ""
    chains: list[Chain] = field(default_factory=list)


class Opening:
    """One capture, from the fresh browser to the files it leaves."""

    def __init__(self, order: Order, tell: Teller) -> None:
        self._order = order
        self._tell = tell
        self._limits = order.limits
        self._guard = Guard(frozenset(order.hosts), order.limits, tell)
        self._watch = Watch(order.limits, tell)
        self._seen = Seen()
        self._left_out = 0

    async def run(self) -> dict[str, object]:
        """Everything; returns what was seen, as JSON has it."""
        port = await self._guard.start()
        try:
            async with async_playwright() as driver:
                browser = await self._launch(driver, port)
                try:
                    await self._capture(browser)
                finally:
                    with suppress(BrowserError, TimeoutError):
                        await asyncio.wait_for(browser.close(), 5)
        finally:
            self._guard.close()
        return self._told()

    async def _launch(self, driver: Playwright, port: int) -> Browser:
        browser = await driver.chromium.launch(
            executable_path=self._order.chromium,
            headless=True,
            chromium_sandbox=self._order.is_sandboxed,
            args=list(ARGUMENTS),
            proxy={"server": f"http://127.0.0.1:{port}", "username": USER, "password": self._guard.secret},
            timeout=_LAUNCH_SECONDS * 1000,
        )
        self._seen.browser = browser.version
        self._tell("browser", version=browser.version)
        return browser

    async def _capture(self, browser: Browser) -> None:
        context, page = await self._fresh(browser, in_spite=False)
        error = await self._open(page)
        if error.startswith("ERR_CERT_") or error == "ERR_SSL_VERSION_OR_CIPHER_MISMATCH":
            self._tell("distrusted", reason=error)
            self._seen.outcome = "certificate"
            if self._order.goes_on and error.startswith("ERR_CERT_"):
                self._tell("in-spite")
                await context.close()
                self._watch = Watch(self._limits, self._tell)
                context, page = await self._fresh(browser, in_spite=True)
                error = await self._open(page)
                self._seen.outcome = "captured"
        await self._conclude(page, error)
        await self._look_at_chains()
        self._archive()

    async def _fresh(self, browser: Browser, *, in_spite: bool) -> tuple[BrowserContext, Page]:
        """A profile that was never used before, and is not again."""
        plain = await browser.new_context()
        agent = str(await (await plain.new_page()).evaluate("navigator.userAgent"))
        await plain.close()
        self._seen.agent = agent.replace("HeadlessChrome", "Chrome")
        context = await browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale=LOCALE,
            timezone_id=TIME_ZONE,
            user_agent=self._seen.agent,
            accept_downloads=False,
            service_workers="block",
            ignore_https_errors=in_spite,
        )
        page = await context.new_page()
        await self._watch.attach(context, page)
        return context, page

    async def _open(self, page: Page) -> str:
        """Open the address and wait for the page; returns the browser's error, or nothing."""
        self._tell("opens", address=self._order.address)
        limit = self._limits.loading
        try:
            response = await page.goto(self._order.address, wait_until="commit", timeout=limit * 1000)
            self._seen.status = response.status if response is not None else 0
        except BrowserError as error:
            found = _NET_ERROR.search(str(error))
            if self._watch.download or "Download is starting" in str(error):
                return "download"
            if found is not None and found[1] != "ERR_ABORTED":
                return found[1]
            if "Timeout" in str(error):
                return "timeout"
            if "interrupted by another navigation" not in str(error) and page.url in ("", "about:blank"):
                return "aborted"
        return await self._loaded(page, limit)

    async def _loaded(self, page: Page, limit: int) -> str:
        left = max(1.0, limit - self._tell.seconds() + 2)
        try:
            await page.wait_for_load_state("load", timeout=left * 1000)
        except BrowserError:
            self._tell("not-loaded", seconds=limit)
            await self._within(lambda: self._stop(page), "stopped")
            return "incomplete"
        self._tell("loaded")
        with suppress(BrowserError):
            await page.wait_for_load_state("networkidle", timeout=self._limits.settling * 1000)
        return ""

    async def _stop(self, page: Page) -> None:
        """As if somebody pressed Stop: what is still loading would hold up its picture."""
        session = await page.context.new_cdp_session(page)
        await session.send("Page.stopLoading")
        await session.detach()

    async def _conclude(self, page: Page, error: str) -> None:
        shows = not page.url.startswith(("chrome-error:", "about:blank")) and page.url != ""
        if shows and error in ("", "incomplete"):
            await self._look(page)
        await self._watch.settled(4)
        if self._seen.outcome != "certificate":
            self._seen.outcome = self._outcome(error)
        if error and self._seen.outcome in ("unreachable", "refused", "redirects"):
            self._tell("not-opened", reason=error)

    def _outcome(self, error: str) -> str:
        if self._guard.is_exhausted or self._watch.exceeded == "too-many-requests":
            return "too-much"
        if error == _REDIRECTS or self._watch.exceeded == "too-many-redirects":
            return "redirects"
        if error == "download" or (self._watch.download and not self._seen.final):
            return "download"
        if error == "incomplete":
            return "incomplete"
        if error:
            return "refused" if any(name.outcome == "refused" for name in self._guard.names.values()) else "unreachable"
        return "captured"

    async def _look(self, page: Page) -> None:
        """Everything that can be kept of a page as it stands; what does not come in its time is left out and told."""
        self._seen.final = bounded(page.url)
        self._seen.title = bounded(str(await self._within(page.title, "title") or ""))[:300]
        height = await self._within(lambda: page.evaluate(_SCROLLED), "scrolled")
        if await self._within(lambda: page.evaluate(_ASKS_FOR_PASSWORD), "signs-in"):
            self._watch.note("sign-in")
        if self._seen.status in (401, 403):
            self._watch.note("denied", status=self._seen.status)
        await self._picture(page, height if isinstance(height, int) else HEIGHT)
        await self._rendered(page)
        await self._print(page)

    async def _within(self, work: Callable[[], Awaitable[T]], what: str) -> T | None:
        if self._left_out >= _MAX_LEFT_OUT:
            return None
        try:
            async with asyncio.timeout(self._limits.output):
                return await work()
        except (BrowserError, TimeoutError):
            self._left_out += 1
            self._tell("left-out", what=what)
            return None

    async def _picture(self, page: Page, height: int) -> None:
        shown = max(1, min(height, self._limits.height))
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": shown}
        picture = await self._within(
            lambda: page.screenshot(full_page=True, clip=clip, animations="disabled"),  # type: ignore[arg-type]
            SCREENSHOT,
        )
        if picture is not None and len(picture) > self._limits.screenshot:
            shown = HEIGHT
            picture = await self._within(page.screenshot, SCREENSHOT)
        if picture is not None and len(picture) <= self._limits.screenshot:
            self._keep(SCREENSHOT, picture)
            self._tell("screenshot", width=WIDTH, height=shown, whole=height)

    async def _rendered(self, page: Page) -> None:
        text = await self._within(page.content, RENDERED)
        if text is not None:
            data = text.encode("utf-8", "replace")[: self._limits.document]
            self._keep(RENDERED, data)
            self._tell("rendered", bytes=len(data))

    async def _print(self, page: Page) -> None:
        with suppress(BrowserError):
            await page.emulate_media(media="screen")
        printed = await self._within(lambda: page.pdf(print_background=True, format="A4"), PRINTED)
        if printed is not None and len(printed) <= self._limits.printed:
            self._keep(PRINTED, printed)
            self._tell("printed", bytes=len(printed))

    def _keep(self, name: str, data: bytes) -> None:
        new = self._order.path(name + ".new")
        new.write_bytes(data)
        new.replace(self._order.path(name))

    async def _look_at_chains(self) -> None:
        """The certificates of every server the page itself came from."""
        places = [self._order.address, *(each.location for each in self._watch.exchanges if each.kind == "document")]
        hosts = []
        for place in [*places, self._seen.final]:
            with suppress(ValueError):
                parts = urlsplit(place)
                if parts.scheme == "https" and parts.hostname:
                    hosts.append((parts.hostname, parts.port or 443))
        for host, port in list(dict.fromkeys(hosts))[:_MAX_CHAINS]:
            with suppress(RefusedError):
                found = await self._guard.resolve(host, port)
                if found.connected:
                    await self._look_at_chain(host, port, found.connected)
        if self._seen.chains:
            self._keep(CHAIN, "\n".join(pem for chain in self._seen.chains for pem in chain.pem).encode("ascii"))

    async def _look_at_chain(self, host: str, port: int, address: str) -> None:
        chain = await chain_of(host, port, address)
        if chain is None:
            self._tell("no-chain", host=host)
            return
        self._seen.chains.append(chain)
        first = chain.certificates[0] if chain.certificates else {}
        facts = {"host": host, "subject": first.get("subject", ""), "issuer": first.get("issuer", "")}
        if chain.is_trusted:
            self._tell("trusted", **facts)
        else:
            self._tell("untrusted", **facts, reason=chain.reason)

    def _archive(self) -> None:
        page = ArchivedPage(
            address=self._order.address, title=self._seen.title, at=self._tell.at(), software=software()
        )
        addresses = {key: found.connected for key, found in self._guard.names.items() if found.connected}
        exchanges = sorted(self._watch.exchanges, key=lambda each: each.at)
        count = write_archive(self._order.path(ARCHIVE), page, exchanges, addresses)
        self._tell("archived", count=count)

    def _told(self) -> dict[str, object]:
        seen = self._seen
        return {
            "outcome": seen.outcome,
            "title": seen.title,
            "final": seen.final,
            "status": seen.status,
            "browser": {
                "version": seen.browser,
                "agent": seen.agent,
                "arguments": list(ARGUMENTS),
                "window": f"{WIDTH}x{HEIGHT}",
                "language": LOCALE,
                "time_zone": TIME_ZONE,
            },
            "names": [asdict(each) for each in self._guard.names.values()],
            "chains": [asdict(each) | {"trusted": each.is_trusted} for each in seen.chains],
            "exchanges": [each.summary() for each in self._watch.exchanges],
            "failures": [{"address": address, "reason": reason} for address, reason in self._watch.failures],
            "received": self._guard.received,
        }


_SCROLLED = """async () => {
  const root = document.scrollingElement || document.documentElement;
  const end = performance.now() + 2500;
  for (let y = 0; y < root.scrollHeight && y < 20000 && performance.now() < end; y += 800) {
    window.scrollTo(0, y);
    await new Promise(done => setTimeout(done, 60));
  }
  window.scrollTo(0, 0);
  return Math.max(root.scrollHeight, document.body ? document.body.scrollHeight : 0);
}"""
"""Walks down the page, so that what is fetched when it comes into sight is fetched; returns its height."""
_ASKS_FOR_PASSWORD = "() => document.querySelector('input[type=password]') !== null"  # noqa: S105 - a question
