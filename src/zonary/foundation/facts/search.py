"""How facts are found, by the members of the enterprise they are about: nobody else sees one without reading a profile,
which is an act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.facts.models import Fact
from zonary.foundation.facts.queries import own_facts
from zonary.foundation.facts.wording import indicator_name, shown_period, shown_value
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import Found, Indexed, Searchable, ids_of, in_fields
from zonary.foundation.organizations.standing import Standing


def _texts(public_ids: Collection[str]) -> Iterable[Indexed]:
    rows = Fact.objects.filter(public_id__in=[as_uuid(each) for each in public_ids]).exclude(value="")
    for each in rows.filter(successor=None, retraction=None).select_related("subject"):
        indicator = INDICATORS.get(each.indicator)
        names = (indicator.chinese, indicator.english) if indicator else ()
        texts = (*names, each.value, each.source)
        yield Indexed(str(each.public_id), frozenset((str(each.subject.public_id),)), texts)


def _show(reader: Standing, public_ids: Collection[str], _at: datetime) -> Mapping[str, Found]:
    own = own_facts(reader).filter(public_id__in=[as_uuid(each) for each in public_ids])
    standing = own.filter(successor=None, retraction=None).exclude(value="")
    return {str(each.public_id): _found(each) for each in standing}


def _found(fact: Fact) -> Found:
    indicator = INDICATORS.get(fact.indicator)
    name = indicator_name(fact.indicator)
    also = [each for each in (indicator.chinese, indicator.english) if each != name] if indicator else []
    text = "\n".join((shown_value(fact), shown_period(fact), fact.source))
    return Found(name, text, reverse("facts:fact", args=[fact.public_id]), "\n".join(also))


SEARCHED = {
    "facts": Searchable(
        name="Facts",
        scope="facts:read",
        events={
            "facts.fact.declared": in_fields("fact"),
            "facts.fact.recorded": in_fields("fact"),
            "facts.fact.corrected": in_fields("fact", "supersedes"),
            "facts.fact.retracted": in_fields("fact"),
            "facts.fact.erased": in_fields("fact"),
        },
        texts=_texts,
        after=ids_of(Fact),
        show=_show,
    )
}
