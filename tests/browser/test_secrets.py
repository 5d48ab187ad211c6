"""A secret that only its holder's key opens, shown to one colleague on an agreement, and opened in their browser."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from zonary.common.clock import now, zone_date

BODY = b"%PDF-1.7 " + random.Random(21).randbytes(200_000)
TITLE, AGREEMENT = "回火曲线", "研发人员保密协议"
_ONE = re.compile(r"/secrets/[0-9a-f-]{36}$")


def _send(page: Any, **fields: str) -> None:
    for name, value in fields.items():
        place = page.locator(f"main form [name={name}]")
        is_choice = place.evaluate("field => field.tagName == 'SELECT'")
        if is_choice:
            place.select_option(label=next(each for each in place.locator("option").all_inner_texts() if value in each))
        else:
            place.fill(value)
    page.click("main form button[type=submit]")


def _encrypted_document(page: Any, file: Path) -> str:
    """Returns the key, which never left the browser."""
    page.set_input_files("input[type=file]", file)
    page.check("input[name=encryption][value=key]")
    page.wait_for_selector("[data-identity]:not(:empty)")
    identity = str(page.text_content("[data-identity]"))
    page.check("input[name=kept]")
    page.click("form[data-upload] button[type=submit]")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}$"))
    return identity


def test_a_colleague_accepts_the_agreement_and_opens_the_ciphertext(visit: Any, tmp_path: Path) -> None:
    (tmp_path / "curve.pdf").write_bytes(BODY)
    owner = visit("/documents/new", who="owner")
    identity = _encrypted_document(owner, tmp_path / "curve.pdf")
    owner.goto(visit.zone.url + "/secrets/agreements/issue")
    _send(owner, title=AGREEMENT, text="只用于约定的工作，不外传。")
    owner.goto(visit.zone.url + "/secrets/register")
    _send(owner, thing="curve", title=TITLE, point="第二段保温的温度和时间。")
    owner.wait_for_url(_ONE)
    secret = owner.url
    owner.goto(secret + "/grant")
    names = [text for text in owner.locator("[name=member] option").all_inner_texts() if text.strip()]
    _send(owner, member=names[-1], until=(zone_date(now()) + timedelta(days=30)).isoformat())
    owner.wait_for_url(_ONE)

    rival = visit(who="rival")
    assert rival.goto(secret + "/open").status == 404
    visit.said.clear()  # the browser's own line about it

    colleague = visit("/secrets/", who="colleague")
    assert TITLE not in colleague.inner_text("main")
    colleague.click("main table a")
    colleague.wait_for_url("**/accept")
    assert "不外传" in colleague.inner_text("main")
    colleague.click("main form button[type=submit]")
    colleague.wait_for_url("**/open")
    assert "第二段保温的温度和时间。" in colleague.inner_text("main")
    colleague.fill("form[data-open] input[name=secret]", identity[:-1] + "Q")
    colleague.click("form[data-open] button")
    colleague.wait_for_selector("[data-tell=not-opened]:visible")
    colleague.fill("form[data-open] input[name=secret]", identity)
    with colleague.expect_download() as saved:
        colleague.click("form[data-open] button")
    assert Path(saved.value.path()).read_bytes() == BODY

    owner.goto(secret)
    told = owner.inner_text("main")
    assert told.count(names[-1]) >= 3  # who may see it, and the two openings: the page, and its content
    assert visit.said == []
