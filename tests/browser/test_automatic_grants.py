"""免申即享 in a browser: a list, its notice, a consent, two officers, the bank's answer, and a claw-back."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.conftest import Visits
from tests.conftest import RunningServer, use_settings
from tests.five_accounts import PASSWORD, make_five
from tests.servers.processes import free_port
from tests.services.incentives.grants import paying
from tests.services.incentives.matching.zone import measure

NOTICED, QUICK = "研发支持（须公示）", "研发支持（免公示）"
_BATCH = re.compile(r"/incentives/grants/batches/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    """A zone with two officers and two measures that both enterprises fulfil, one of them without a notice."""
    from django.conf import settings
    from django.db import connections

    from zonary.config.database import database
    from zonary.foundation.ledger.layout import DataDirectory

    folder = tmp_path_factory.mktemp("grants")
    directory = DataDirectory(folder / "var")
    directory.path.mkdir(mode=0o700)
    shutil.copyfile(migrated, directory.database)
    before, data_before = use_settings(database("", directory)), settings.ZONARY_DATA
    settings.ZONARY_DATA = directory
    five = make_five(PASSWORD)
    paying.ready(five, title=NOTICED, telephone="0731-00000000")
    measure(title=QUICK, title_english="Quick support", notice_workdays=0)
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


def _start(officer: Any, visit: Visits, title: str) -> str:
    officer.goto(visit.zone.url + "/incentives/grants/batches/new")
    officer.select_option("[name=measure]", label=title)
    officer.click("main form button[type=submit]")
    officer.wait_for_url(_BATCH)
    return str(officer.url)


def _step(officer: Any, button: str, then: str) -> None:
    officer.click(f"section[aria-labelledby=next] button:has-text('{button}')")
    officer.wait_for_selector(f"section[aria-labelledby=next] >> text={then}")


def test_a_list_is_published_where_anybody_reads_it(visit: Visits, barriers: Any) -> None:
    officer = visit("/incentives/grants/batches", who="officer", bypass_csp=True)
    assert barriers(officer) == []
    _start(officer, visit, NOTICED)
    assert barriers(officer) == []
    _step(officer, "公示名单", "公示至")
    passer_by = visit("/incentives/grants/notices", phone=True, bypass_csp=True)
    passer_by.click(f"main >> li:has-text('{NOTICED}') >> a.btn")
    text = passer_by.inner_text("main")
    assert "远航重工（虚构）" in text
    assert "150,000.00 元" in text
    assert "0731-00000000" in text
    assert passer_by.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(passer_by) == []


def _consents(visit: Visits, barriers: Any) -> Any:
    owner = visit("/incentives/grants/", who="owner", phone=True, bypass_csp=True)
    owner.click("main >> a.btn-primary")
    assert f"贵企业符合“{QUICK}”的全部条件，可得 100,000.00 元" in owner.inner_text("main")
    assert barriers(owner) == []
    owner.fill("[name=bank]", "示例银行示范支行")
    owner.fill("[name=number]", "=1+1")
    owner.click("main form button[type=submit]")
    owner.wait_for_selector("text=账号为 8 至 32 位数字")
    owner.fill("[name=number]", "6222 0202 0001 2345 678")
    owner.click("main form button[type=submit]")
    owner.wait_for_selector("text=您已同意")
    assert "**** 5678" in owner.inner_text("main")
    assert "6222" not in owner.content()
    return owner


def _declines(visit: Visits) -> None:
    rival = visit("/incentives/grants/", who="rival")
    rival.click("main >> a.btn-primary")
    rival.click("main >> text=放弃享受")
    rival.fill("[name=reason]", "暂不需要")
    rival.click("main form button[type=submit]")
    rival.wait_for_selector("text=您已放弃")


def _release(visit: Visits, barriers: Any, batch: str, folder: Path) -> list[list[str]]:
    """By the other officer; the rows of the file that goes to the bank."""
    second = visit(who="outsider", bypass_csp=True)
    second.goto(batch)
    second.click("section[aria-labelledby=next] >> text=打开兑付文件")
    assert barriers(second) == []
    second.check("[name=looked_at]")
    second.fill("[name=note]", "与事实相符")
    second.click("text=放行至银行")
    with second.expect_download() as saved:
        second.click("text=下载交银行")
    shutil.copyfile(saved.value.path(), folder / "payment.csv")
    with (folder / "payment.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_from_the_list_to_the_claw_back(visit: Visits, barriers: Any, tmp_path: Path) -> None:
    officer = visit("/", who="officer", bypass_csp=True)
    batch = _start(officer, visit, QUICK)
    _step(officer, "征求企业意愿", "未答复")
    owner = _consents(visit, barriers)
    _declines(visit)
    officer.goto(batch)
    _step(officer, "关闭答复", "重新判定")
    _step(officer, "重新判定", "请生成兑付文件")
    _step(officer, "生成兑付文件", "另一名工作人员")
    officer.click("section[aria-labelledby=next] >> text=打开兑付文件")
    assert officer.locator("text=放行至银行").count() == 0
    file = officer.url
    _header, line, total = _release(visit, barriers, batch, tmp_path)
    assert line[2:6] == ["星河精工（虚构）", "示例银行示范支行", "6222020200012345678", "100000.00"]
    assert total[5] == "100000.00"
    answer = tmp_path / "answer.csv"
    answer.write_text(f"序号,发放编号,结果,原因\n{line[1]},{line[7]},成功,\n", "utf-8")
    officer.goto(file)
    officer.set_input_files("[name=file]", answer)
    officer.click("main >> text=读入")
    officer.wait_for_selector("text=支付成功 1 笔")
    officer.click("main table a")
    officer.click("main >> text=追回")
    officer.fill("[name=note]", "研发费用事实已撤回")
    officer.click("main form button[type=submit]")
    officer.wait_for_selector("text=已决定追回")
    owner.reload()
    assert "研发费用事实已撤回" in owner.inner_text("main")
    assert barriers(owner) == []
    assert officer.locator("text=款项已退回").count() == 0  # who claimed it back does not say that it came
    second = visit(who="outsider", bypass_csp=True)
    second.goto(officer.url)
    second.click("text=款项已退回")
    second.wait_for_selector("main .state >> text=已退还")
    officer.goto(batch + "/replay")
    assert "结果一致" in officer.inner_text("main")
