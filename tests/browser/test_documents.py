"""Documents in a browser: sent in pieces, encrypted before they leave, opened again; and by an age of others."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.registries import HEADER, csv_of, enterprises

MEGABYTE = 1024 * 1024


def _chosen(page: Any, folder: Path, body: bytes, name: str = "图纸.bin") -> None:
    (folder / name).write_bytes(body)
    page.set_input_files("input[type=file]", folder / name)


def _fetched(page: Any, link: str = "a[download]") -> bytes:
    with page.expect_download() as fetched:
        page.click(link)
    return Path(fetched.value.path()).read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_too_large_for_the_form_goes_up_in_pieces(visit: Any, tmp_path: Path, lang: str) -> None:
    body = random.Random(11).randbytes(20 * MEGABYTE)
    page = visit("/documents/new", lang, who="owner")
    _chosen(page, tmp_path, body)
    page.click("form[data-upload] button[type=submit]")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}$"), timeout=60_000)
    assert _fetched(page) == body
    assert visit.said == []


def test_a_registry_too_large_for_its_form_goes_up_in_pieces(visit: Any, tmp_path: Path) -> None:
    wide = csv_of([[*row, "x" * 3500] for row in enterprises(2500)], header=[*HEADER, "Remark"])
    assert len(wide) > 8 * MEGABYTE
    page = visit("/registry/upload", "en", who="officer")
    _chosen(page, tmp_path, wide, "名录.csv")
    page.fill("input[name=source]", "示例登记机关")
    page.click("form[data-upload] button[type=submit]")
    page.wait_for_url(re.compile(r"/registry/documents/[0-9a-f-]{36}\?source="), timeout=60_000)
    assert page.input_value("input[name=source]") == "示例登记机关"
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/registry/files/[0-9a-f]{64}"))
    assert page.locator("text=2500").first.is_visible()
    assert visit.said == []


def test_only_the_key_made_in_the_browser_opens_it(visit: Any, tmp_path: Path) -> None:
    body = b"%PDF-1.7 " + random.Random(12).randbytes(6 * MEGABYTE)
    page = visit("/documents/new", "en", who="owner")
    _chosen(page, tmp_path, body, "secret.pdf")
    page.check("input[name=encryption][value=key]")
    page.wait_for_selector("[data-identity]:not(:empty)")
    identity = page.text_content("[data-identity]")
    assert identity.startswith("AGE-SECRET-KEY-1")
    page.click("form[data-upload] button[type=submit]")
    assert page.locator("[data-tell=key-not-kept]").is_visible()
    page.check("input[name=kept]")
    page.click("form[data-upload] button[type=submit]")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}$"), timeout=60_000)
    ciphertext = _fetched(page)
    assert ciphertext.startswith(b"age-encryption.org/v1\n")
    assert body[:4096] not in ciphertext
    # The server never had the key: neither it nor the plain text lies anywhere in its data.
    for folder, _, files in os.walk(visit.zone.data):
        for name in files:
            kept = (Path(folder) / name).read_bytes()
            assert identity.encode() not in kept, name
            assert body[1000:1064] not in kept, name
    page.fill("form[data-open] input[name=secret]", "AGE-SECRET-KEY-1WRONG")
    page.click("form[data-open] button")
    page.wait_for_selector("[data-tell=not-opened]:visible")
    page.fill("form[data-open] input[name=secret]", identity)
    assert _fetched(page, "form[data-open] button") == body
    _opened_by_others(tmp_path, ciphertext, identity, body)
    assert visit.said == []


def _opened_by_others(folder: Path, ciphertext: bytes, identity: str, body: bytes) -> None:
    """The age command itself, in Go, opens what the browser made."""
    age = shutil.which("age")
    if age is None:
        pytest.skip("age is not installed: make programs")
    (folder / "key.txt").write_text(f"{identity}\n")
    (folder / "secret.age").write_bytes(ciphertext)
    done = subprocess.run(
        [age, "-d", "-i", folder / "key.txt", folder / "secret.age"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == body


def test_a_passphrase_opens_what_it_closed(visit: Any, tmp_path: Path) -> None:
    page = visit("/documents/new", who="owner")
    _chosen(page, tmp_path, b"recipe", "recipe.txt")
    page.check("input[name=encryption][value=passphrase]")
    page.fill("#passphrase", "short")
    page.click("form[data-upload] button[type=submit]")
    assert page.locator("[data-tell=too-short]").is_visible()
    page.fill("#passphrase", "twelve or more of them")
    page.click("form[data-upload] button[type=submit]")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}$"), timeout=60_000)
    page.fill("form[data-open] input[name=secret]", "twelve or more of them")
    assert _fetched(page, "form[data-open] button") == b"recipe"


def test_a_small_file_goes_by_the_form_alone(visit: Any, tmp_path: Path) -> None:
    page = visit("/documents/new", who="owner", java_script_enabled=False)
    _chosen(page, tmp_path, "没有脚本也行".encode(), "a.txt")
    page.click("form[enctype] button[type=submit]")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}$"))
    assert "text/plain" in page.content()
