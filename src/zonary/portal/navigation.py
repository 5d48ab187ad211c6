"""Where one can go from every page: a line for each destination; one that is not built yet is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from zonary.common.language import _
from zonary.foundation.organizations.standing import Standing

Sees = Callable[[Standing | None], bool]


def everybody(_standing: Standing | None) -> bool:
    return True


def signed_in(standing: Standing | None) -> bool:
    return standing is not None


def for_an_organisation(standing: Standing | None) -> bool:
    """Whoever acts for an organisation, the zone authority among them."""
    return standing is not None and bool(standing.organisation)


def for_an_enterprise(standing: Standing | None) -> bool:
    return standing is not None and standing.kind == "enterprise"


def officers(standing: Standing | None) -> bool:
    return standing is not None and standing.is_officer


def acting_officers(standing: Standing | None) -> bool:
    """Officers who may do more than look."""
    return officers(standing) and standing is not None and standing.may_act


def administrators(standing: Standing | None) -> bool:
    return standing is not None and bool(standing.admin)


def security_admins(standing: Standing | None) -> bool:
    return standing is not None and standing.admin == "security"


def audit_admins(standing: Standing | None) -> bool:
    return standing is not None and standing.admin == "audit"


@dataclass(frozen=True, slots=True)
class Destination:
    """A line of the navigation.

    :param name: an English sentence of the catalogue.
    :param url_name: as ``reverse`` takes it; without arguments.
    :param about: one sentence more, for the home page.
    """

    name: str
    url_name: str
    sees: Sees = signed_in
    about: str = ""


DESTINATIONS: tuple[Destination, ...] = (
    Destination("Home", "start", everybody),
    Destination("Evidence", "evidence:list", signed_in, "What was sealed or registered, and how far each receipt is."),
    Destination(
        "Captures", "captures:list", signed_in, "Web pages as they were seen here: a copied shop, a false claim."
    ),
    Destination("Dossiers", "dossiers:list", signed_in, "Evidence of one matter, and the gap in it that hurts most."),
    Destination(
        "Trade secrets", "secrets:list", signed_in, "What is kept secret, who may see it, and who opened it when."
    ),
    Destination("Measures", "measures:list", everybody, "What the zone offers to enterprises: who gets it, how much."),
    Destination("Rule editor", "editing:list", acting_officers, "Turn the words of a policy document into rules."),
    Destination("Policy documents", "library:list", everybody, "The words every measure rests on, edition by edition."),
    Destination("Search", "search:find", signed_in, "What is yours to see, by a word of it."),
    Destination("Documents", "documents:list", signed_in, "Files with their versions; only those you allow see them."),
    Destination("Facts", "facts:list", for_an_organisation, "What the zone knows of you, from where, and who read it."),
    Destination("Rules", "rules:list", everybody, "The rules this zone decides by, each sentence with its source."),
    Destination(
        "My benefits", "matching:mine", for_an_enterprise, "What fits your enterprise, and what is one condition short."
    ),
    Destination("Simulator", "simulating:choose", acting_officers, "What another threshold or amount would do."),
    Destination("Promises", "matching:promises", officers, "What enterprises promised, to be looked at by its day."),
    Destination(
        "Organisation", "organizations:own", for_an_organisation, "Who you act for: its entry and departments."
    ),
    Destination("Members", "organizations:members", for_an_organisation, "Who may act for it; invite and hand over."),
    Destination("Inbox", "inbox:list", signed_in, "What happened that concerns you, and how you want to be told."),
    Destination("Receipts", "receipts:list", signed_in, "A receipt for each thing you did, to be checked by anyone."),
    Destination("Claims", "claims:list", officers, "Who says to act for a listed enterprise; confirm or refuse it."),
    Destination("Registry", "registry:list", officers, "All enterprises of the zone; import from a table."),
    Destination("Identity checks", "identity:find", acting_officers, "Compare a document with the name on an account."),
    Destination("People", "administration-people", security_admins, "Who may sign in."),
    Destination(
        "Administrators",
        "administration-administrators",
        administrators,
        "Who holds which of the three roles, and since when.",
    ),
    Destination("Account acts", "administration-acts", audit_admins, "Who signed in, who failed, who was appointed."),
    Destination("Verify", "verify", everybody, "Check a package, a receipt or a file, without an account."),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A destination in the reader's language, at its address."""

    name: str
    address: str
    about: str
    is_here: bool


def links(standing: Standing | None, path: str) -> Iterator[Link]:
    """What this reader sees, the page at ``path`` marked; of several it lies under, that with the longest address."""
    seen = [(each, where) for each in DESTINATIONS if each.sees(standing) and (where := address_of(each.url_name))]
    under = [
        where for _each, where in seen if path == where or (where != "/" and path.startswith(where.rstrip("/") + "/"))
    ]
    here = max(under, key=len, default="")
    for each, where in seen:
        yield Link(_(each.name), where, _(each.about) if each.about else "", where == here)


def address_of(url_name: str) -> str:
    """The address of that name, or nothing while there is none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
