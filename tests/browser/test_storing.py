"""A copy beside the record, sent from the page it is registered on: plain or encrypted, and through every break."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.test_sealing import (
    RECORD,
    SECONDS,
    design,
    package_of,
    register,
    verified,
    wait_for_state,
)
from tests.browser.visitors import drop

__all__ = ["design"]
MEGABYTE = 1024 * 1024
COPY = "section a[download]"


def _fetched(page: Any, link: str, folder: Path) -> Path:
    with page.expect_download() as fetched:
        page.click(link)
    kept = folder / fetched.value.suggested_filename
    fetched.value.save_as(kept)
    return kept


def _hashed(page: Any, what: Path, store: str) -> None:
    drop(page, what)
    wait_for_state(page, "hashed")
    page.check(f"[name=store][value={store}]")


def _versions(page: Any, title: str) -> int:
    """How many documents of the holder are called so."""
    items = page.context.request.get(page.url.split("/evidence")[0] + "/api/v1/documents?limit=100").json()["items"]
    return sum(each["title"] == title for each in items)


def test_a_copy_goes_on_after_the_line_broke_and_after_a_reload(visit: Any, tmp_path: Path) -> None:
    file = tmp_path / "钻机.bin"
    file.write_bytes(os.urandom(10 * MEGABYTE))
    page = visit("/evidence/register", "en", who="owner")
    _hashed(page, file, "plain")
    offsets: list[int] = []

    def break_off(route: Any) -> None:
        """The second piece arrives, and nobody hears of it; the third does not arrive."""
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == 2:
            route.fetch()
            route.abort()
        elif offsets[-1] >= 8 * MEGABYTE:
            route.abort()
        else:
            route.continue_()

    page.route(
        "**/api/v1/uploads/*", lambda route: break_off(route) if route.request.method == "PATCH" else route.continue_()
    )
    register(page, "Copied through breaks")
    wait_for_state(page, "storing")
    while not offsets or offsets[-1] < 8 * MEGABYTE:
        page.wait_for_timeout(50)
    page.wait_for_selector("[data-line=offline]:visible")
    [record] = page.context.request.get(
        visit.zone.url + f"/api/v1/evidence?sha256={hashlib.sha256(file.read_bytes()).hexdigest()}"
    ).json()["items"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    wait_for_state(page, "to-choose")
    assert "钻机.bin" in page.inner_text("[data-state=to-choose]")
    page.unroute("**/api/v1/uploads/*")  # only now: the page before would have gone on by itself
    sent: list[int] = []
    page.on("request", lambda each: sent.append(int(each.headers.get("upload-offset", "-1"))))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "钻机.bin").write_bytes(b"not the same")
    drop(page, tmp_path / "other" / "钻机.bin")
    wait_for_state(page, "to-choose")
    drop(page, file)
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert page.url.endswith(record["id"])
    assert min(each for each in sent if each >= 0) == 8 * MEGABYTE, "what had arrived was sent again"
    assert page.locator(".state-good", has_text="Compared: the same digests").count() == 1
    assert _fetched(page, COPY, tmp_path / "other").read_bytes() == file.read_bytes()
    assert _versions(page, "Copied through breaks") == 1


def test_an_encrypted_copy_opens_with_the_key_alone(visit: Any, tmp_path: Path) -> None:
    body = b"%PDF-1.7 " + os.urandom(5 * MEGABYTE)
    file = tmp_path / "secret.pdf"
    file.write_bytes(body)
    page = visit("/evidence/register", who="owner", phone=True)
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    page.set_input_files("[data-files]", file)
    wait_for_state(page, "hashed")
    page.check("[name=store][value=encrypted]")
    page.wait_for_selector("[data-identity]:not(:empty)")
    key = page.text_content("[data-identity]")
    register(page)
    page.wait_for_selector("[data-unsafe]:visible")
    page.check("[name=key-kept]")
    register(page)
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert not any(body[:4096] in each or key.encode() in each for each in sent)
    assert _fetched(page, COPY, tmp_path).read_bytes().startswith(b"age-encryption.org/v1\n")
    page.fill("form[data-open] input[name=secret]", key)
    assert _fetched(page, "form[data-open] button", tmp_path / "..").read_bytes() == body
    page.wait_for_selector("[data-tell=opened-same]:visible")
    assert visit.said == []


def test_the_copy_of_a_folder_is_an_archive_that_verifies(visit: Any, design: Path, tmp_path: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    long = design / ("deep " * 20) / f"{'n' * 120}.txt"
    long.parent.mkdir()
    long.write_bytes(b"x" * 513)
    _hashed(page, design, "plain")
    register(page, "A folder with its copy")
    package = package_of(page, tmp_path)
    unpacked = tmp_path / "unpacked"
    with tarfile.open(_fetched(page, COPY, tmp_path)) as archive:
        archive.extractall(unpacked, filter="data")
    assert "6 of 6 sealed files" in verified(visit, package, unpacked)
    assert visit.said == []


def test_what_the_server_refuses_leaves_the_record(visit: Any, design: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    _hashed(page, design / "图纸/rotary drilling rig.step", "plain")
    why = "There is no room for 25000 bytes."
    answers = [(503, "disk-full", "The server's disk is full."), (413, "no-room", why)]

    def refuse(route: Any) -> None:
        status, code, detail = answers.pop(0) if len(answers) > 1 else answers[0]
        problem = {"type": "about:blank", "title": "x", "status": status, "code": code, "detail": detail}
        route.fulfill(status=status, json=problem, headers={"Retry-After": "1"} if status == 503 else {})

    page.route("**/api/v1/uploads", refuse)
    register(page, "Refused its copy")
    page.wait_for_selector("[data-line=full]:visible")
    wait_for_state(page, "not-stored")
    assert why in page.inner_text("[data-state=not-stored]")
    page.unroute("**/api/v1/uploads")
    page.click("[data-store-again]")
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert page.text_content("h1") == "Refused its copy"
    assert page.locator(COPY).count() == 1
    assert _versions(page, "Refused its copy") == 1
