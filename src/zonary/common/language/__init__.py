"""What Zonary says, in Chinese or English.

Messages are written in English where they arise; the catalogue gives each its Chinese. The language is chosen once
per process: ``ZONARY_LANG`` (``zh`` or ``en``), else the locale (``LC_ALL``, ``LC_MESSAGES``, ``LANG``); a page is in
that of whoever asked for it (:func:`speaking`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, Protocol

from zonary.common.language.zh_account_pages import ACCOUNT_PAGES
from zonary.common.language.zh_accounts import ACCOUNTS
from zonary.common.language.zh_acts import ACTS
from zonary.common.language.zh_administrators import ADMINISTRATORS
from zonary.common.language.zh_api import API
from zonary.common.language.zh_backup import BACKUP
from zonary.common.language.zh_certificates import CERTIFICATES
from zonary.common.language.zh_claims import CLAIMS
from zonary.common.language.zh_clauses import CLAUSES
from zonary.common.language.zh_clauses_planes import CLAUSES_PLANES
from zonary.common.language.zh_clauses_sql import CLAUSES_SQL
from zonary.common.language.zh_command import COMMAND
from zonary.common.language.zh_deadlines import DEADLINES
from zonary.common.language.zh_demonstration import DEMONSTRATION
from zonary.common.language.zh_documents import DOCUMENTS
from zonary.common.language.zh_engines import ENGINES
from zonary.common.language.zh_facts import FACTS
from zonary.common.language.zh_grants import GRANTS
from zonary.common.language.zh_homes import HOMES
from zonary.common.language.zh_identity import IDENTITY
from zonary.common.language.zh_inbox import INBOX
from zonary.common.language.zh_leaving import LEAVING
from zonary.common.language.zh_nouns import NOUNS
from zonary.common.language.zh_operations import OPERATIONS
from zonary.common.language.zh_organization_pages import ORGANIZATION_PAGES
from zonary.common.language.zh_organizations import ORGANIZATIONS
from zonary.common.language.zh_origin import ORIGIN
from zonary.common.language.zh_pages import PAGES
from zonary.common.language.zh_programs import PROGRAMS
from zonary.common.language.zh_proof import PROOF
from zonary.common.language.zh_published import PUBLISHED
from zonary.common.language.zh_registry import REGISTRY
from zonary.common.language.zh_replay import REPLAY
from zonary.common.language.zh_reviews import REVIEWS
from zonary.common.language.zh_rule_packs import RULE_PACKS
from zonary.common.language.zh_rules import RULES
from zonary.common.language.zh_sealing import SEALING
from zonary.common.language.zh_search import SEARCH
from zonary.common.language.zh_server import SERVER
from zonary.common.language.zh_tables import TABLES
from zonary.common.language.zh_timestamps import TIMESTAMPS
from zonary.common.language.zh_verify_page import VERIFY_PAGE
from zonary.common.language.zh_watch import WATCH
from zonary.proof.errors import NameInBoth
from zonary.proof.printable import printable

Language = Literal["zh", "en"]

CATALOGUE: dict[str, str] = {
    **ACCOUNTS,
    **ACCOUNT_PAGES,
    **ACTS,
    **ADMINISTRATORS,
    **API,
    **BACKUP,
    **CERTIFICATES,
    **CLAIMS,
    **CLAUSES,
    **CLAUSES_PLANES,
    **CLAUSES_SQL,
    **COMMAND,
    **DEMONSTRATION,
    **DOCUMENTS,
    **ENGINES,
    **FACTS,
    **GRANTS,
    **HOMES,
    **IDENTITY,
    **INBOX,
    **LEAVING,
    **NOUNS,
    **OPERATIONS,
    **ORGANIZATIONS,
    **ORGANIZATION_PAGES,
    **ORIGIN,
    **PAGES,
    **PROGRAMS,
    **PUBLISHED,
    **PROOF,
    **REPLAY,
    **REVIEWS,
    **RULES,
    **RULE_PACKS,
    **SEALING,
    **SEARCH,
    **SERVER,
    **TABLES,
    **TIMESTAMPS,
    **VERIFY_PAGE,
    **WATCH,
    **REGISTRY,
    **DEADLINES,
}
"""English template -> Chinese template, the same ``{named}`` places in both."""


def add_words(words: Mapping[str, str]) -> None:
    """Add the sentences of a service, which keeps them in its own folder; called when it starts.

    :raises ValueError: when one has another Chinese here already.
    """
    differing = sorted(msgid for msgid, chinese in words.items() if CATALOGUE.get(msgid, chinese) != chinese)
    if differing:
        raise ValueError(f"said otherwise elsewhere: {differing}")
    CATALOGUE.update(words)


_chosen: Language | None = None
_spoken: ContextVar[Language | None] = ContextVar("language_of_this_request", default=None)


def choose(language: Language | None) -> None:
    """Fix the language of this process; ``None`` goes back to the environment's."""
    global _chosen
    _chosen = language


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    """Have what runs inside, in this thread or task, speak ``wanted``."""
    token = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> Language:
    """The language in force."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if _chosen is not None:
        return _chosen
    wanted = os.environ.get("ZONARY_LANG", "")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = wanted or os.environ.get(name, "")
    return "zh" if wanted.lower().startswith("zh") else "en"


class Template(Protocol):
    """An English template and its parameters, as errors and verdicts carry them."""

    @property
    def msgid(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


def _(msgid: str, /, **params: object) -> str:
    """``msgid`` in the language in force, its places filled; an error among the parameters is translated too."""
    return translate(msgid, language(), params)


def say(template: Template) -> str:
    """An error or a verdict's sentence in the language in force."""
    return translate(template.msgid, language(), template.params)


def translate(msgid: str, into: Language, params: Mapping[str, object]) -> str:
    """``msgid`` in the language ``into``; a sentence without a translation is said in English, never lost."""
    template = CATALOGUE.get(msgid, msgid) if into == "zh" else msgid
    return template.format(**{name: _shown(value, into) for name, value in params.items()})


def _shown(value: object, into: Language) -> object:
    if hasattr(value, "msgid") and hasattr(value, "params"):
        return translate(value.msgid, into, value.params)
    if isinstance(value, NameInBoth):
        value = value.chinese if into == "zh" else value.english
    # Names come from files and packages others made: none may drive the terminal.
    return printable(value.encode("utf-8", "surrogateescape")) if isinstance(value, str) else value
