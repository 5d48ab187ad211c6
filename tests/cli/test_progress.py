"""The progress line: right sums, sensible estimates, quiet where it should be."""

from __future__ import annotations

import io

import pytest

from zonary.cli.progress import Progress, human_size, human_time
from zonary.common import language


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "en")


def test_a_terminal_has_one_line_that_is_rewritten() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(stream=stream, clock=clock)
    progress.found(10)
    progress.walked()
    for _ in range(10):
        clock.now += 1
        progress.done(1, 1_000_000)
        progress.show()
        progress.show()
    progress.finish()
    progress.finish()
    text = stream.getvalue()
    assert "\n" not in text
    assert text.count("\r") == 11
    assert text.endswith("\r\x1b[K")
    assert " 50 %  5 of 10 files  5.00 MB  1.00 MB a second  5 s left" in text
    assert "100 %" in text


def test_elsewhere_a_line_now_and_then() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream=stream, clock=clock)
    progress.found(1000)
    for _ in range(40):
        clock.now += 1
        progress.done(10, 10_000)
        progress.show()
    progress.finish()
    assert stream.getvalue().count("\n") == 2
    assert "\r" not in stream.getvalue()
    assert stream.getvalue().startswith("[........................]   - %  150 of 1,000 files  150 kB")
    assert "left" not in stream.getvalue()


def test_a_short_seal_says_nothing_in_a_log_file() -> None:
    stream = io.StringIO()
    progress = Progress(stream=stream)
    progress.found(1)
    progress.done(1, 1)
    progress.show()
    progress.finish()
    assert stream.getvalue() == ""


def test_quiet() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(stream=stream, clock=clock, quiet=True)
    clock.now += 100
    progress.show()
    progress.finish()
    assert stream.getvalue() == ""


def test_large_files_count_by_what_is_hashed_of_them() -> None:
    progress = Progress(stream=io.StringIO())
    progress.found(2)
    progress.walked()
    progress.large(1, 1_000_000_000)
    progress.done(1, 1000)
    progress.hashed(250_000_000)
    assert " 25 %  1 of 2 files  250 MB  25.0 MB a second  30 s left" in progress.line(10)
    progress.hashed(750_000_000)
    progress.done(1, 0, large=True)
    assert "100 %  2 of 2 files  1.00 GB" in progress.line(40)


def test_nothing_done_yet() -> None:
    assert "  - %  0 of 0 files  0 B  0 B a second" in Progress(stream=io.StringIO()).line(0)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (12_345, "12.3 kB"), (999_499, "999 kB"), (999_500, "1.00 MB"),
     (123_456_789, "123 MB"), (2e9, "2.00 GB"), (5e15, "5000 TB")],
)  # fmt: skip
def test_sizes(size: float, text: str) -> None:
    assert human_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (60, "1:00 min"), (185, "3:05 min"), (3599.6, "1:00 h"), (7805, "2:10 h")],
)
def test_times(seconds: float, text: str) -> None:
    assert human_time(seconds) == text


def test_rows_of_a_table_that_is_gone_on_with() -> None:
    from zonary.cli.progress import RowProgress

    stream, clock = Terminal(), Clock()
    progress = RowProgress(10_000, stream=stream, clock=clock)
    progress.at(4_000)  # done before
    clock.now += 10
    progress.at(6_000)
    progress.finish()
    assert "60 %  6,000 of 10,000 rows  20 s left" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")
