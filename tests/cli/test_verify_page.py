"""``zonary verify-page``: the page is written as it was built, and a changed copy is told from it."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from tests.assets.building import ASSETS, build

from zonary.cli.main import main
from zonary.common.verify_page import verify_page


def test_the_page_is_written_with_its_digests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "verify.html"
    assert main(["--lang", "en", "verify-page", "-o", str(page)]) == 0
    told = capsys.readouterr().out
    assert hashlib.sha256(page.read_bytes()).hexdigest() in told
    assert hashlib.new("sm3", page.read_bytes()).hexdigest() in told
    assert main(["--lang", "en", "verify-page", "-o", str(page)]) == 2  # never over something that is there
    assert main(["--lang", "en", "verify-page", "--check", str(page)]) == 0
    assert "byte for byte" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_named_as_it_was_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "nowhere"
    assert main(["--lang", "en", "verify-page", "-o", str(folder / "verify.html")]) == 2
    assert capsys.readouterr().err == f"zonary: {folder}: there is no such file or folder.\n"


def test_a_changed_copy_is_refused_with_both_digests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, bad = tmp_path / "verify.html", verify_page().replace("✗".encode(), "✓".encode(), 1)
    page.write_bytes(bad)
    assert main(["--lang", "zh", "verify-page", "--check", str(page)]) == 1
    told = capsys.readouterr().out
    assert "不是本版本的核验页" in told
    for content in (bad, verify_page()):
        assert hashlib.sha256(content).hexdigest() in told
        assert hashlib.new("sm3", content).hexdigest() in told


def test_the_command_wants_one_of_its_two_uses(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "verify-page"])
    assert ended.value.code == 2
    assert "verify-page --help" in capsys.readouterr().err


def test_the_same_sources_give_the_same_page(tmp_path: Path) -> None:
    """So that anybody can build it, and know that what was handed out is what was written."""
    built = build(tmp_path / "built.html")
    assert built.read_bytes() == verify_page()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_guide_prints_the_digest_of_this_page(language: str) -> None:
    guide = ASSETS.parent / "docs" / "guide" / language / "verify-in-a-browser.md"
    text, digest = guide.read_text("utf-8"), hashlib.sha256(verify_page()).hexdigest()
    if os.environ.get("ZONARY_WRITE_VERIFY_PAGE_DIGEST"):
        text = re.sub(r"(?m)^    (?:[0-9a-f]{64}|DIGEST)$", f"    {digest}", text)
        guide.write_text(text, "utf-8")
    assert f"\n    {digest}\n" in text, "write it anew: ZONARY_WRITE_VERIFY_PAGE_DIGEST=1 and this test"


def test_nothing_of_it_comes_from_anywhere_else() -> None:
    page = verify_page().decode("utf-8")
    assert page.count("<script>") == 1
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "connect-src 'none'" in policy[1]
    assert "unsafe-inline" not in policy[1]
    assert not re.search(r"<(?:link|img|iframe|script)[^>]+(?:src|href)=", page)
