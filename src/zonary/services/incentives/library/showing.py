"""The text of an edition as a page shows it: line by line, with anchors, and quoted words marked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zonary.services.incentives.library.rules import Article, lines_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown: ``pieces`` are its words, those that are quoted marked."""

    anchor: str
    depth: int
    is_repealed: bool
    pieces: tuple[tuple[str, bool], ...]
    is_first_quoted: bool = False


def shown_lines(
    text: str,
    articles: Sequence[Article],
    quoted: Iterable[tuple[int, int]] = (),
    repealed: frozenset[str] = frozenset(),
) -> list[Line]:
    """The text line by line, with anchors where numbered parts begin, and quoted spans marked."""
    begins = {each.start: each for each in articles}
    spans, lines = sorted(quoted), []
    current: Article | None = None
    outer: dict[int, Article] = {}
    for start, line in lines_of(text):
        current = begins.get(start, current)
        if start in begins:
            article = begins[start]
            outer = {depth: each for depth, each in outer.items() if depth < article.depth} | {article.depth: article}
        lines.append(
            Line(
                anchor=begins[start].anchor if start in begins else "",
                depth=current.depth if current else 0,
                is_repealed=any(each.anchor in repealed for each in outer.values()),
                pieces=tuple(_pieces(line, start, spans)),
                is_first_quoted=any(start <= first < start + len(line) for first, _last in spans[:1]),
            )
        )
    return lines


def _pieces(line: str, start: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    done, end = start, start + len(line)
    for first, last in spans:
        first, last = max(first, done), min(last, end)
        if first >= last:
            continue
        if first > done:
            yield line[done - start : first - start], False
        yield line[first - start : last - start], True
        done = last
    if done < end:
        yield line[done - start :], False
