"""An owner sees what fits and what is one condition short, adds what is missing, keeps the answer, and repeats it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.conftest import Visits
from tests.conftest import RunningServer, use_settings
from tests.five_accounts import PASSWORD, make_five
from tests.servers.processes import free_port
from tests.services.incentives.matching.zone import three_measures

WIDTH = 360


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    """A zone with three measures, of which the owner's enterprise has one."""
    from django.conf import settings
    from django.db import connections

    from zonary.config.database import database
    from zonary.foundation.ledger.layout import DataDirectory

    folder = tmp_path_factory.mktemp("benefits")
    directory = DataDirectory(folder / "var")
    directory.path.mkdir(mode=0o700)
    shutil.copyfile(migrated, directory.database)
    before, data_before = use_settings(database("", directory)), settings.ZONARY_DATA
    settings.ZONARY_DATA = directory
    three_measures(make_five(PASSWORD))
    settings.ZONARY_DATA = data_before
    connections.close_all()
    use_settings(before)
    running = RunningServer(directory.path, free_port(), folder / "config", environment={"ZONARY_DEMO": "1"})
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visit(chromium: Any, zone: RunningServer) -> Iterator[Visits]:
    visits = Visits(chromium, zone, {})
    yield visits
    for context in visits.contexts:
        context.close()


def _is_no_wider(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_what_is_missing_to_an_answer_that_anyone_repeats(visit: Visits, barriers: Any, tmp_path: Path) -> None:
    page = visit("/incentives/mine", who="owner", bypass_csp=True)
    text = page.inner_text("main")
    assert "您的企业完全符合 1 个事项。" in text
    assert "只差一个条件：发明专利不低于5件。还差 2件，须达到 5件。" in text
    assert "研发费用（2025） · 1 个事项待此数据" in text
    assert barriers(page) == []

    page.click("section[aria-labelledby=missing] > details > summary")
    assert "尚缺：研发费用（2025）。" in page.inner_text("main")
    assert barriers(page) == []
    page.click("main >> text=补充研发费用")
    assert page.input_value("[name=period]") == "2025"
    page.fill("[name=value]", "1200000")
    page.select_option("[name=unit]", "yuan")
    page.click("main form button[type=submit]")
    page.goto(visit.zone.url + "/incentives/mine")
    assert "您的企业完全符合 2 个事项。 同类就高不重复后合计 120,000 元。" in page.inner_text("main")

    page.click("main >> text=研发支持")
    assert "研发费用：120万元（截至 2025-12-31，来源：企业自报" in page.inner_text("main")
    assert barriers(page) == []
    page.click("main >> text=保存此结果")
    page.wait_for_url(re.compile(r"/incentives/decisions/[0-9a-f-]{36}$"))
    assert "结果一致" in page.inner_text("main")
    assert barriers(page) == []
    with page.expect_download() as saved:
        page.click("main >> text=下载决定文件")
    file = tmp_path / "decision.json"
    shutil.copyfile(saved.value.path(), file)
    command = [sys.executable, "-m", "zonary.cli.main", "--lang", "zh", "replay", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "结论：一致" in done.stdout
    assert visit.said == []


def test_a_phone_shows_it_whole_and_an_officer_tries_numbers_while_typing(visit: Visits, barriers: Any) -> None:
    phone = visit("/incentives/mine", who="owner", lang="en", phone=True)
    assert _is_no_wider(phone)
    phone.click("main >> text=Patent award")
    assert "2 more is needed" in phone.inner_text("main") or "more is needed: 5" in phone.inner_text("main")
    assert _is_no_wider(phone)

    officer = visit("/incentives/simulator/", who="officer", bypass_csp=True)
    officer.click("main >> text=知识产权奖励")
    assert "家" not in officer.inner_text("#outcome")  # no number before it is on record that rules are tried out
    officer.click("#outcome >> text=登记并开始")
    officer.wait_for_selector("#outcome >> text=新增 0 家，减少 0 家。")
    assert barriers(officer) == []
    officer.fill("input[name='set.patents.0']", "3")
    officer.wait_for_selector("#outcome >> text=此次调整不显示新的数字")  # one, who is not told apart by a number
    officer.click("#outcome >> text=查看新增企业名单")
    assert "星河精工（虚构）" in officer.inner_text("main")
    assert barriers(officer) == []
    assert visit.said == []
