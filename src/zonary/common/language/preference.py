"""Which of our languages whoever asks over HTTP wants, and what HTML calls it."""

from __future__ import annotations

from zonary.common.language import Language

COOKIE = "language"
"""Keeps the language that was chosen: ``zh`` or ``en``."""
HTML_LANGUAGES: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def choose_language(asked: str | None, accepted: str) -> Language:
    """Chinese, unless English was asked for, or the browser prefers it.

    :param asked: ``?lang=``.
    :param accepted: the Accept-Language header.
    """
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    weights = {"zh": 0.0, "en": 0.0}
    for item in accepted.split(",")[:20]:
        tag, _, parameters = item.strip().lower().partition(";")
        primary = tag.partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _quality(parameters))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
