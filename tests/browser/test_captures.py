"""A copied shop is captured as people do it: asked for on a page, carried out by the running server, looked at. And
what one sees oneself: filmed, recorded or photographed with a phone under a code, sealed, and proved afterwards.

With ``ZONARY_SCREENSHOTS`` set to a folder, pictures of the pages are put there, of a desktop and of a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.conftest import Visits, serving_the_five
from tests.browser.visitors import run_zonary, screenshots
from tests.conftest import RunningServer
from tests.peers.replay_viewer import fetch_viewer, site_that_replays
from tests.services.evidence.capture.capturing import needs_chromium
from tests.services.evidence.capture.sites import Site, png, serve, shop

pytestmark = needs_chromium
SECONDS = 90_000
WIDTH = 360


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(shop()) as running:
        yield running


@pytest.fixture(scope="module")
def capturing(tmp_path_factory: pytest.TempPathFactory, migrated: Path, site: Site) -> Iterator[RunningServer]:
    """A server that captures, and may capture the shop."""
    captures = {"ZONARY_CAPTURE": "1", "ZONARY_CAPTURE_HOSTS": site.host}
    with serving_the_five(tmp_path_factory.mktemp("capturing"), migrated, **captures) as running:
        yield running


@pytest.fixture
def visit(chromium: Any, capturing: RunningServer) -> Iterator[Visits]:
    visits = Visits(chromium, capturing, {})
    yield visits
    for context in visits.contexts:
        context.close()


def test_a_shop_is_captured_on_the_page(
    visit: Visits, barriers: Callable[[Any], list[str]], site: Site, tmp_path: Path
) -> None:
    page = visit("/captures/request", who="owner", bypass_csp=True)
    _look(page, "request", barriers)
    page.fill("input[name=address]", f"{site.url}/")
    page.click("form[method=post][novalidate] button[type=submit]")
    page.wait_for_url("**/captures/*-*")
    page.wait_for_selector("img.capture-picture", timeout=SECONDS)
    # The page shows the shop's own title, its picture as it was taken, and what was observed on the way.
    assert page.inner_text("h1") == "星河旗舰店（仿冒）"
    size = page.evaluate("""async () => {
        const shown = document.querySelector("img.capture-picture");
        shown.loading = "eager";
        await shown.decode();
        return [shown.naturalWidth, shown.naturalHeight];
    }""")
    assert size[0] == 1366
    address = page.url
    page.wait_for_function(
        "() => document.querySelector('a[href$=\"/package\"]') || location.reload()", timeout=SECONDS
    )
    for lang in ("zh", "en"):
        shown = visit(address.removeprefix(visit.zone.url), lang, who="owner", bypass_csp=True)
        _look(shown, f"capture-{lang}", barriers)
        shown.goto(f"{visit.zone.url}/captures/")
        _look(shown, f"list-{lang}", barriers)
    assert "What this cannot prove" in visit(address.removeprefix(visit.zone.url), "en", who="owner").content()
    assert visit.said == []
    wacz = page.request.get(f"{address}/files/page.wacz?save").body()
    _replays(visit, fetch_viewer(tmp_path), wacz, site)


def _replays(visit: Visits, viewer: dict[str, bytes], wacz: bytes, shop: Site) -> None:
    """In a viewer of others, on a site of others; nobody is asked for anything but that site."""
    before, asked = len(shop.seen), set[str]()
    with serve(site_that_replays(viewer, wacz, f"{shop.url}/")) as others:
        page = visit.context().new_page()
        page.on("request", lambda request: asked.add(request.url.split("/")[2]))
        page.goto(f"{others.url}/")
        shown = page.frame_locator("replay-web-page >> iframe").frame_locator("iframe").first
        shown.get_by_text("星河精密轴承 官方旗舰店").wait_for(timeout=SECONDS)
        shown.get_by_text("¥ 128.00").wait_for()
        page.close()
    assert len(shop.seen) == before
    assert asked == {others.host}


PHONE_WIDTH, PHONE_HEIGHT = 390, 844
STATUS = "[data-state={}]:visible"


def _begin(
    visit: Visits, medium: str, lang: str = "zh", *, title: str = "仿冒轴承", script: str = "", **more: Any
) -> Any:
    """The page that records, with a code, as a phone shows it."""
    page = visit("/onsite/begin", lang, who="owner", bypass_csp=True, **more)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": PHONE_HEIGHT})
    if script:
        page.add_init_script(script)
    page.check(f"input[name=medium][value={medium}]")
    page.fill("input[name=title]", title)
    page.fill("input[name=place]", "3 号馆 A12")
    page.click("form[method=post][novalidate] button[type=submit]")
    page.wait_for_selector("[data-controls]:visible")
    return page


def _refuse(route: Any) -> None:
    """The same page where the browser lets it use no camera."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "permissions-policy": "camera=(), microphone=()"})


def _record(page: Any) -> None:
    """Two seconds of what the camera or the microphone gives."""
    page.click("[data-open]")
    page.wait_for_selector(STATUS.format("ready"))
    page.click("[data-begin]")
    page.wait_for_function("() => document.querySelector('[data-time]').textContent >= '0:02'", timeout=SECONDS)
    page.click("[data-end]")
    page.wait_for_selector(STATUS.format("taken"))


def _verified(visit: Visits, page: Any, folder: Path, file: Path) -> None:
    """The package, from the page of the record, against the file as it was kept."""
    page.click("a[href*='/evidence/'].btn-primary")
    page.wait_for_selector("a[href$='/package']", timeout=SECONDS)
    with page.expect_download() as fetched:
        page.click("a[href$='/package']")
    fetched.value.save_as(folder / "fetched.zonary")
    trust = str(visit.zone.data / "trust.txt")
    done = run_zonary(visit.zone, "verify", "--trust", trust, str(folder / "fetched.zonary"), str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_film_under_a_code_is_sealed_and_kept(
    visit: Visits, barriers: Callable[[Any], list[str]], tmp_path: Path
) -> None:
    page = _begin(visit, "video")
    code = page.inner_text(".code")
    _look(page, "onsite-before", barriers)
    _record(page)
    assert page.evaluate("document.querySelector('[data-film]').src").startswith("blob:")
    _look(page, "onsite-taken", barriers)
    page.click("[data-seal]")
    page.wait_for_selector("a[href*='/documents/'].btn", timeout=SECONDS)
    assert page.inner_text(".big code") == code
    _look(page, "onsite-sealed", barriers)
    with page.context.new_page() as document:
        document.goto(visit.zone.url + page.get_attribute("a[href*='/documents/'].btn", "href"))
        with document.expect_download() as fetched:
            document.click("a[href$='/content']")
        fetched.value.save_as(tmp_path / "film.webm")
    assert (tmp_path / "film.webm").read_bytes()[:4] == b"\x1aE\xdf\xa3"  # EBML, as WebM begins
    _verified(visit, page, tmp_path, tmp_path / "film.webm")
    assert page.is_visible("main a[href*='/documents/']")  # the record says where its copy is
    # No other page gets a camera, nor this one any more: its code is used.
    ask = "navigator.mediaDevices.getUserMedia({audio: true}).then(() => 'given', (error) => error.name)"
    assert page.evaluate(ask) == "NotAllowedError"
    visit.said[:] = [said for said in visit.said if "permissions policy" not in said.lower()]
    assert visit.said == []


def test_sound_stays_with_whoever_recorded_it(visit: Visits, tmp_path: Path) -> None:
    page = _begin(visit, "audio", "en", title="What was said")
    _record(page)
    page.check("input[name=keep][value=here]")
    page.click("[data-seal]")
    page.wait_for_selector(STATUS.format("sealed"), timeout=SECONDS)
    with page.expect_download() as fetched:
        page.click("[data-save]")
    fetched.value.save_as(tmp_path / "sound.weba")
    page.click("[data-done]")
    page.wait_for_selector("text=The file itself is not here")
    _verified(visit, page, tmp_path, tmp_path / "sound.weba")
    assert visit.said == []


def test_a_photograph_by_another_way_when_the_camera_is_refused(visit: Visits, tmp_path: Path) -> None:
    """Refused, of another kind, empty: one sentence each; then a file of the device's own camera is sealed."""
    page = _begin(visit, "photo")
    address = page.url
    page.route(address, _refuse)
    page.goto(address)
    page.click("[data-open]")
    page.wait_for_selector(STATUS.format("refused"))
    for name, kind, state in (("notes.txt", "text/plain", "wrong-kind"), ("none.png", "image/png", "empty")):
        page.set_input_files("[data-file]", {"name": name, "mimeType": kind, "buffer": b""})
        page.wait_for_selector(STATUS.format(state))
    page.set_input_files("[data-file]", {"name": "IMG_1.png", "mimeType": "image/png", "buffer": png(60, 40, seed=1)})
    page.wait_for_selector(STATUS.format("taken"))
    page.wait_for_selector("[data-shot]:visible")
    page.check("input[name=keep][value=here]")
    page.click("[data-seal]")
    page.wait_for_selector(STATUS.format("sealed"), timeout=SECONDS)
    page.click("[data-done]")
    page.wait_for_selector("text=以文件方式选取")
    # Another code, and the camera: the picture is taken where one is allowed to.
    page = _begin(visit, "photo")
    page.click("[data-open]")
    page.wait_for_selector(STATUS.format("ready"))
    page.wait_for_function("() => document.querySelector('[data-live]').videoWidth > 0")
    page.click("[data-begin]")
    page.wait_for_selector(STATUS.format("taken"))
    assert page.evaluate("document.querySelector('[data-shot]').width") > 100


def test_without_a_camera_or_in_time_it_says_what_to_do(visit: Visits) -> None:
    page = _begin(visit, "video", script="Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    page.wait_for_selector(STATUS.format("no-camera"))
    assert page.is_hidden("[data-open]")
    address = page.url
    page = visit.context(who="owner").new_page()
    page.clock.install()
    page.goto(address)
    page.wait_for_selector("[data-controls]:visible")
    page.clock.fast_forward(601_000)
    page.wait_for_selector(STATUS.format("expired"))
    assert page.is_hidden("[data-controls]")
    assert page.is_visible("[data-another]")


def _look(page: Any, name: str, barriers: Callable[[Any], list[str]]) -> None:
    """No barriers and nothing wider than a phone; and a picture of both sizes, where somebody wants them."""
    folder = screenshots()
    for width in (1366, WIDTH):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if folder is not None:
            page.screenshot(path=folder / f"captures-{name}-{width}.png", full_page=True)
    assert barriers(page) == [], name
    page.set_viewport_size({"width": 1366, "height": 800})
