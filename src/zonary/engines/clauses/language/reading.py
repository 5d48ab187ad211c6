"""A sentence in, its tree out, or where it went wrong."""

from __future__ import annotations

import re
from typing import Final

import lark

from zonary.engines.clauses.errors import SentenceError
from zonary.engines.clauses.expressions import Expression
from zonary.engines.clauses.language.building import built
from zonary.engines.clauses.language.checking import MAX_DEPTH, check_joints
from zonary.engines.clauses.language.compiled import Language, Stop
from zonary.engines.clauses.language.expecting import expected, together
from zonary.engines.clauses.language.measuring import MAX_DECIMALS, MAX_DIGITS

MAX_LENGTH: Final = 4_000
"""Characters of a sentence."""
_SHOWN: Final = 12
_CUT_NUMBER: Final = re.compile(rf"[0-9]{{{MAX_DIGITS}}}$|[0-9]\.[0-9]{{{MAX_DECIMALS}}}$")
"""Before the first digit too many: a number is read up to where its terminal ends."""


def read(sentence: str, language: Language) -> Expression:
    """The tree of a sentence in its one wording.

    :raises SentenceError: with the position, and what was expected there; without the nearest sentence.
    """
    require_bounded(sentence)
    try:
        tree = language.tree(sentence)
    except lark.UnexpectedInput:
        stop = language.stop(sentence)
        raise stopped(sentence, stop or Stop(len(sentence), frozenset()), language) from None
    expression = built(tree, language, sentence)
    try:
        check_joints(expression)
    except SentenceError as error:
        raise error.at(0) from error
    return expression


def require_bounded(sentence: str) -> None:
    """:raises SentenceError: when it is too long, or its brackets too deep, to be looked at at all."""
    if len(sentence) > MAX_LENGTH:
        raise SentenceError("A sentence has at most {limit} characters.", limit=MAX_LENGTH).at(MAX_LENGTH)
    depth = 0
    for at, character in enumerate(sentence):
        depth += (character in "（“") - (character in "）”")
        if depth > 2 * MAX_DEPTH:
            raise SentenceError("Conditions stand inside each other at most {limit} deep.", limit=MAX_DEPTH).at(at)


def stopped(sentence: str, stop: Stop, language: Language) -> SentenceError:
    """What to say of a sentence that goes wrong at ``stop``."""
    nouns = expected(stop.terminals, sentence[: stop.position], language)
    if sentence[stop.position : stop.position + 1].isdigit() and _CUT_NUMBER.search(sentence[: stop.position]):
        return SentenceError(
            "A number has at most {digits} digits before the point and {decimals} behind it.",
            digits=MAX_DIGITS,
            decimals=MAX_DECIMALS,
        ).at(stop.position, nouns)
    if stop.position >= len(sentence):
        error = SentenceError("The sentence ends too early. Expected: {expected}.", expected=together(nouns))
    else:
        error = SentenceError(
            "At character {place}, “{found}” cannot be read. Expected: {expected}.",
            place=stop.position + 1,
            found=sentence[stop.position : stop.position + _SHOWN].encode("utf-8", "replace").decode(),
            expected=together(nouns),
        )
    return error.at(stop.position, nouns)
