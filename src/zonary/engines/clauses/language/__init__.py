"""Controlled Chinese: a sentence is read as a tree, and a tree printed as the sentence it was read from.

``print_chinese(parse(s, v), v) == s`` for every sentence that is accepted, and ``parse(print_chinese(x, v), v) == x``
for every tree that :func:`check` accepts. What is said otherwise is refused, with the nearest sentence that is read.
"""

from __future__ import annotations

from zonary.engines.clauses.errors import SentenceError
from zonary.engines.clauses.expressions import Expression, leaves_of
from zonary.engines.clauses.language.checking import MAX_DEPTH, check_joints, check_leaf
from zonary.engines.clauses.language.compiled import language_of
from zonary.engines.clauses.language.english import quantity_words, rendered
from zonary.engines.clauses.language.nearest import nearest_to
from zonary.engines.clauses.language.offering import MAX_OFFERED_TEXT, Offer, offers
from zonary.engines.clauses.language.printing import printed
from zonary.engines.clauses.language.proposing import proposals
from zonary.engines.clauses.language.reading import MAX_LENGTH, read
from zonary.engines.clauses.vocabulary import Vocabulary

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_OFFERED_TEXT",
    "Offer",
    "check",
    "offered",
    "parse",
    "print_chinese",
    "proposed",
    "quantity_words",
    "render_english",
]


def parse(sentence: str, vocabulary: Vocabulary) -> Expression:
    """What a sentence says.

    :raises SentenceError: when it is none, or has no meaning; with its position, what was expected, and the nearest
        sentence that is read.
    :raises VocabularyError: when the names of the vocabulary could be read in two ways.
    """
    language = language_of(vocabulary)
    try:
        return read(sentence, language)
    except SentenceError as error:
        error.nearest = nearest_to(sentence, language)
        raise


def print_chinese(expression: Expression, vocabulary: Vocabulary) -> str:
    """The one sentence of a tree.

    :raises SentenceError: when the tree has no meaning; see :func:`check`.
    """
    check(expression, vocabulary)
    return printed(expression, vocabulary)


def render_english(expression: Expression, vocabulary: Vocabulary) -> str:
    """What it says, in English: for reading only, since it is not read back.

    :raises SentenceError: when the tree has no meaning; see :func:`check`.
    """
    check(expression, vocabulary)
    return rendered(expression, vocabulary)


def check(expression: Expression, vocabulary: Vocabulary) -> None:
    """Whether a tree that was made otherwise is one that a sentence could have been read as.

    :raises SentenceError: when it is not: units that differ, years that are missing, bounds nobody can meet, too large.
    :raises VocabularyError: when it names what the vocabulary does not have.
    """
    language_of(vocabulary)
    check_joints(expression)
    for leaf in leaves_of(expression):
        check_leaf(leaf, vocabulary)
    if len(printed(expression, vocabulary)) > MAX_LENGTH:
        raise SentenceError("A sentence has at most {limit} characters.", limit=MAX_LENGTH)


def offered(text: str, vocabulary: Vocabulary) -> tuple[Offer, ...]:
    """The passages of a document that are sentences already, in their order and without overlap.

    :raises VocabularyError: when the names of the vocabulary could be read in two ways.
    """
    return offers(text, language_of(vocabulary))


def proposed(passage: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Sentences made of the terms and numbers that stand in a passage, for people to look at; see ``proposing``.

    :raises VocabularyError: when the names of the vocabulary could be read in two ways.
    """
    return proposals(passage, language_of(vocabulary))
