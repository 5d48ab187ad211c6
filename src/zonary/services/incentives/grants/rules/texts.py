"""Reasons and answers that people write."""

from __future__ import annotations

from zonary.common.plain_text import is_plain
from zonary.proof.errors import Error
from zonary.services.incentives.grants.rules.steps import MAX_TEXT


class WrongTextError(Error):
    """A reason is missing, too long, or cannot be read."""


def checked_text(text: str, *, most: int = MAX_TEXT) -> str:
    """``text`` in one line.

    :raises WrongTextError: when it is empty, too long, or has something hidden in it.
    """
    said = " ".join(text.split())
    if not said or len(said) > most or not is_plain(said):
        raise WrongTextError("Give a reason of at most {most} characters that can be read.", most=most)
    return said
