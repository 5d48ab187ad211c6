"""Sentences that are made once and said later: the labels of a form, when a page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy

from zonary.common.language import _

if TYPE_CHECKING:

    def later(msgid: str, /, **params: object) -> str:
        """Looks like a text to whoever shows it."""

else:
    later = lazy(_, str)
"""As :func:`zonary.common.language._`, but in the language of the moment it is shown: a class body runs only once."""
