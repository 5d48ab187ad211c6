"""Where one can go from every page: a line for each destination; one that is not built yet is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

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
    :param section: under which line it stands, together with others; empty: it is a line of its own.
    :param also: url name of an address whose pages belong to it as well, where none that the reader sees is nearer.
    """

    name: str
    url_name: str
    sees: Sees = signed_in
    about: str = ""
    section: str = ""
    also: str = ""


BENEFITS = "Benefits"
SECTIONS: dict[str, str] = {BENEFITS: "What the zone offers, what fits whom, and what is paid without applying."}
"""Name of a section -> one sentence more, for the home page."""
_BENEFITS: tuple[Destination, ...] = (
    Destination(
        "My benefits", "matching:mine", for_an_enterprise, "What fits your enterprise, and what is one condition short."
    ),
    Destination(
        "Grants", "grants:list", for_an_enterprise, "What the zone pays you without application; say where to."
    ),
    Destination(
        "Grant lists",
        "grants:batches",
        officers,
        "Lists of who fulfils a measure, from notice to payment.",
        also="grants:list",
    ),
    Destination("Promises", "matching:promises", officers, "What enterprises promised, to be looked at by its day."),
    Destination("Measures", "measures:list", everybody, "What the zone offers to enterprises: who gets it, how much."),
    Destination("Policy documents", "library:list", everybody, "The words every measure rests on, edition by edition."),
    Destination("Rules", "rules:list", everybody, "The rules this zone decides by, each sentence with its source."),
    Destination("Rule editor", "editing:list", acting_officers, "Turn the words of a policy document into rules."),
    Destination("Simulator", "simulating:choose", acting_officers, "What another threshold or amount would do."),
    Destination("Coverage", "coverage:report", officers, "Whom each measure reaches, and why not the others."),
    Destination("Public notices", "grants:notices", everybody, "Who is to be paid how much; anybody may object."),
)

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
    *(replace(each, section=BENEFITS) for each in _BENEFITS),
    Destination("Search", "search:find", signed_in, "What is yours to see, by a word of it."),
    Destination("Documents", "documents:list", signed_in, "Files with their versions; only those you allow see them."),
    Destination("Facts", "facts:list", for_an_organisation, "What the zone knows of you, from where, and who read it."),
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
    """A destination in the reader's language, at its address; or a section, with its destinations as ``parts``."""

    name: str
    address: str
    about: str
    is_here: bool
    parts: tuple[Link, ...] = ()


def links(standing: Standing | None, path: str) -> Iterator[Link]:
    """What this reader sees, the page at ``path`` marked; of several it lies under, that with the longest address."""
    seen = [(each, where) for each in DESTINATIONS if each.sees(standing) and (where := address_of(each.url_name))]
    here = max((_nearest(each, where, path) for each, where in seen), key=len, default="")
    for section, group in groupby(seen, key=lambda pair: pair[0].section):
        found = tuple(
            Link(_(each.name), where, _(each.about) if each.about else "", here in (where, _also(each)) and bool(here))
            for each, where in group
        )
        if section:
            yield Link(_(section), found[0].address, _(SECTIONS[section]), any(each.is_here for each in found), found)
        else:
            yield from found


def _nearest(destination: Destination, where: str, path: str) -> str:
    """Of its addresses the longest that ``path`` is, or lies under; empty: none."""
    return max((each for each in (where, _also(destination)) if _is_under(path, each)), key=len, default="")


def _also(destination: Destination) -> str:
    return address_of(destination.also) if destination.also else ""


def _is_under(path: str, where: str) -> bool:
    return bool(where) and (path == where or (where != "/" and path.startswith(where.rstrip("/") + "/")))


def address_of(url_name: str) -> str:
    """The address of that name, or nothing while there is none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
