"""What every page shows around its content: the zone, the way about, who is signed in and for whom they act."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from zonary.common.clock import now
from zonary.common.language import Language, _, language
from zonary.common.language.preference import HTML_LANGUAGES
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import present_generation
from zonary.foundation.notifications.inbox.queries import unread
from zonary.foundation.organizations.claims.queries import latest_claims
from zonary.foundation.organizations.models import Claim, Membership, Zone
from zonary.foundation.organizations.queries import memberships_of
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.cast import ROLES, Role
from zonary.portal.demonstration.queries import shown_demonstration
from zonary.portal.navigation import Link, address_of, links
from zonary.portal.waiting import Task, tasks


class Shell:
    """Everything is looked up when a template asks for it: what shows no header asks the database nothing."""

    def __init__(self, request: HttpRequest, *, is_bare: bool = False) -> None:
        """:param is_bare: ask the database nothing at all, for the page that says it cannot be asked."""
        self._request = request
        self.is_bare = is_bare
        self.language: Language = language()
        self.html_lang = HTML_LANGUAGES[self.language]
        self.is_demo: bool = settings.ZONARY_DEMO

    @property
    def standing(self) -> Standing | None:
        return None if self.is_bare else getattr(self._request, "standing", None)

    @property
    def person(self) -> Person | None:
        return self._request.user if self.standing and isinstance(self._request.user, Person) else None

    @cached_property
    def _zone(self) -> Zone | None:
        return None if self.is_bare else Zone.objects.select_related("authority").first()

    @property
    def has_zone(self) -> bool:
        return self._zone is not None

    @property
    def zone_name(self) -> str:
        if self._zone is None:
            return "Zonary" if self.is_bare else _("A zone not yet founded")
        return self._zone.name if self.language == "zh" else self._zone.english_name

    @property
    def run_by(self) -> str:
        """Who answers for this server; empty before the zone is founded."""
        return self._zone.authority.name if self._zone else ""

    @cached_property
    def links(self) -> list[Link]:
        return [] if self.is_bare else list(links(self.standing, self._request.path))

    @property
    def place(self) -> str:
        """The destination this page belongs to, by name; empty when it belongs to none."""
        return next((link.name for link in self.links if link.is_here), "")

    @property
    def parts(self) -> tuple[Link, ...]:
        """The other destinations of the section this page belongs to."""
        return next((link.parts for link in self.links if link.is_here), ())

    @cached_property
    def tasks(self) -> list[Task]:
        """What waits for whoever is signed in."""
        return list(tasks(self.standing)) if self.standing else []

    @cached_property
    def demonstration_roles(self) -> tuple[Role, ...]:
        """Who one can be by one click; nobody anywhere but in a demonstration."""
        return ROLES if self.is_demo and not self.is_bare and shown_demonstration() else ()

    @property
    def has_shortcuts(self) -> bool:
        return any(link.about for link in self.links)

    @cached_property
    def memberships(self) -> list[Membership]:
        """All this person may act for, besides themselves."""
        return list(memberships_of(self.person, at=now())) if self.person else []

    @cached_property
    def claims(self) -> list[Claim]:
        """Claims of this person that wait, or were refused of late."""
        return list(latest_claims(self.standing, at=now())) if self.standing else []

    @cached_property
    def unread(self) -> int:
        """Messages to whoever is signed in, as whom they act for, that they have not looked at."""
        return unread(self.standing).count() if self.standing and self.person else 0

    @property
    def acting_for(self) -> str:
        """The name of the organisation acted for; empty when it is themselves."""
        present = self.standing.organisation if self.standing else ""
        return next((m.organization.name for m in self.memberships if str(m.organization.public_id) == present), "")

    @property
    def here(self) -> str:
        """This page's address, to come back to; a form's answer is reached by asking anew."""
        return self._request.get_full_path()

    def in_language(self, wanted: Language) -> str:
        """This page in the other language: all else in the address stays."""
        query = self._request.GET.copy()
        query["lang"] = wanted
        return f"{self._request.path}?{urlencode(list(query.lists()), doseq=True)}"

    @property
    def in_chinese(self) -> str:
        return self.in_language("zh")

    @property
    def in_english(self) -> str:
        return self.in_language("en")

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Of pages others build, by what templates call them; empty while there is no such page."""
        names = {
            "sign_in": "account_login",
            "register": "account_signup",
            "sign_out": "account_logout",
            "account": "account",
            "inbox": "inbox:list",
            "act_for": "act-for",
            "found": "organizations:found",
        }
        return {name: address_of(url_name) for name, url_name in names.items()}

    @property
    def log(self) -> str:
        """The folder of the log's present generation, such as ``log``."""
        return "log" if self.is_bare else log_folder(MAIN, present_generation(MAIN))


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``{{ shell }}`` in every template."""
    return {"shell": Shell(request)}
