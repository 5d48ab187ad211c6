"""How texts become what is searched. Pure.

A text and a query are folded alike: full width and half width are one (NFKC), and so are capitals and small letters;
traditional and simplified characters are different ones. A word of the query is found wherever it stands, so the index
holds every pair of neighbouring characters, and what has all pairs of a word is looked at itself.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from zonary.proof.errors import Error

MAX_QUERY = 100
MAX_WORDS = 8
_LEAST = 2
_ENDS = "…"
AROUND = 40
"""Characters of a text shown on each side of what was found in it."""


class QueryError(Error):
    """This cannot be searched for."""


def folded(text: str) -> str:
    """``text`` as it is compared, in one line."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("\0", " ")).casefold().split())


def words_of(query: str) -> list[str]:
    """The words of a query, folded; each has to stand in what is found.

    :raises QueryError: unless one of them has two characters; for a query that is too long.
    """
    words = list(dict.fromkeys(folded(query).split()))
    if len(query) > MAX_QUERY or len(words) > MAX_WORDS:
        raise QueryError(
            "A search has at most {words} words and {characters} characters.", words=MAX_WORDS, characters=MAX_QUERY
        )
    if not any(len(word) >= _LEAST for word in words):
        raise QueryError("Write at least two characters of what you look for.")
    return words


def grams_of_word(word: str) -> set[str]:
    """Every pair of neighbouring characters."""
    return {word[start : start + _LEAST] for start in range(len(word) - 1)}


def grams_of_text(text: str) -> set[str]:
    """Of a folded text; pairs do not go over spaces, which no word of a query has."""
    return {gram for word in text.split() for gram in grams_of_word(word)}


def token(scope: str, gram: str) -> int:
    """What stands in the index for a pair of characters in something that ``scope`` may find: 63 bits.

    Each scope has tokens of its own, so that what one enterprise looks for takes as long as what it has, however much
    others have. Two that fall together cost a look at a text, and nothing else.
    """
    digest = hashlib.blake2b(f"{scope} {gram}".encode("utf-8", "replace"), digest_size=8, person=b"search").digest()
    return int.from_bytes(digest, "big") >> 1


def tokens_of(scopes: Iterable[str], text: str) -> list[int]:
    """All that stands in the index for a thing."""
    grams = grams_of_text(text)
    return sorted({token(scope, gram) for scope in scopes for gram in grams})


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """``text`` in pieces, those that are one of ``words`` marked; as the text was written."""
    plain, origins = [], []
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            plain.append(part)
            origins.append(position)
    line = "".join(plain)
    hits = sorted(hit for word in words for hit in _hits(line, word, origins))
    pieces: list[tuple[str, bool]] = []
    done = 0
    for first, last in hits:
        if last <= done:
            continue
        first = max(first, done)
        pieces += [(text[done:first], False), (text[first:last], True)]
        done = last
    return [(piece, is_hit) for piece, is_hit in (*pieces, (text[done:], False)) if piece]


def _hits(line: str, word: str, origins: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where ``word`` stands, by positions in what was written."""
    start = line.find(word)
    while start >= 0:
        yield origins[start], origins[start + len(word) - 1] + 1
        start = line.find(word, start + 1)


def opening(text: str) -> list[tuple[str, bool]]:
    """How ``text`` begins, for what was found by its title alone."""
    shown = text[: 3 * AROUND]
    return [(shown + (_ENDS if len(shown) < len(text) else ""), False)] if shown else []


def excerpt(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The part of ``text`` where a word first stands, with it marked; nothing when none does."""
    pieces = marked(text, words)
    first = next((number for number, (_piece, is_hit) in enumerate(pieces) if is_hit), None)
    if first is None:
        return []
    before = pieces[first - 1][0] if first else ""
    shown = [(_ENDS + before[-AROUND:] if len(before) > AROUND else before, False)] if before else []
    left = 3 * AROUND
    for piece, is_hit in pieces[first:]:
        shown.append((piece, is_hit) if len(piece) <= left else (piece[:left] + _ENDS, is_hit))
        left -= len(piece)
        if left <= 0:
            break
    return shown
