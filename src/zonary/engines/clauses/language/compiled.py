"""A vocabulary made ready to read with: built once, kept with the vocabulary itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, cast

import lark
from lark.parsers.lalr_interactive_parser import InteractiveParser

from zonary.engines.clauses.language.grammar import grammar, terminal_of
from zonary.engines.clauses.language.names import patterns
from zonary.engines.clauses.vocabulary import Term, Vocabulary

END: Final = "$END"
MAX_PARSERS: Final = 32
"""Kept at one time, some MB each: of the vocabularies read last."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a text stops being the beginning of a sentence, and which terminals could go on there."""

    position: int
    terminals: frozenset[str]


class Language:
    """The parser of one vocabulary. Threads may share it: every reading has its own state.

    :raises VocabularyError: when the names of the vocabulary could be read in two ways.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._lark = _parser(grammar(patterns(vocabulary)))
        self.fixed = {
            each.name: each.pattern.value
            for each in self._lark.terminals
            if isinstance(each.pattern, lark.lexer.PatternStr)
        }
        """Terminal -> the fixed word it is."""

    @cached_property
    def by_chinese(self) -> dict[str, Term]:
        return {each.chinese: each for each in self.vocabulary.terms}

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Terminal -> the names and units of the vocabulary that it stands for, as a sentence writes them."""
        vocabulary = self.vocabulary
        found: dict[str, list[str]] = {}
        for term in vocabulary.terms:
            found.setdefault(terminal_of(term), []).append(term.chinese)
        return found | {
            "UNIT": list(vocabulary.units),
            "LIST": [f"《{each.name}》" for each in vocabulary.lists],
            "TABLE": [f"《{each}》" for each in vocabulary.tables],
            "PARAMETER": [f"【{each}】" for each in vocabulary.parameters],
        }

    def tree(self, sentence: str) -> lark.Tree[lark.Token]:
        """:raises lark.UnexpectedInput: see :meth:`stop`."""
        return self._lark.parse(sentence)

    def begin(self, text: str) -> InteractiveParser:
        """For whoever reads word by word."""
        return self._lark.parse_interactive(text)

    def stop(self, text: str) -> Stop | None:
        """Where ``text`` goes wrong; None when it is a whole sentence."""
        reading = self.begin(text)
        try:
            for _ in reading.iter_parse():
                pass
        except lark.UnexpectedInput as error:
            return Stop(cast(int, error.pos_in_stream), self.accepted(reading))
        accepted = self.accepted(reading)
        return None if END in accepted else Stop(len(text), accepted)

    def accepted(self, reading: InteractiveParser) -> frozenset[str]:
        """The terminals that could go on where ``reading`` stands."""
        return frozenset(reading.accepts())  # type: ignore[no-untyped-call]


@lru_cache(maxsize=MAX_PARSERS)
def _parser(text: str) -> lark.Lark:
    """Making one takes 0.2 s, and a pack is read anew whenever it is proposed, released and loaded."""
    return lark.Lark(text, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True)


def language_of(vocabulary: Vocabulary) -> Language:
    """The language of ``vocabulary``, kept in it as its own cached properties are; two threads may both build it."""
    kept = vocabulary.__dict__.get("_language")
    if not isinstance(kept, Language):
        kept = vocabulary.__dict__["_language"] = Language(vocabulary)
    return kept
