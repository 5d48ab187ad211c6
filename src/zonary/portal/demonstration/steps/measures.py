"""What the zone offers, and what of it finds the companies; the lists are in :mod:`~.grants`."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Final

from zonary.common.clock import zone_date
from zonary.foundation.facts.actions import import_facts
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.actions import propose_pack, record_fair_competition_review, release_pack
from zonary.portal.demonstration.figures import NOT_NEEDED
from zonary.portal.demonstration.measures.cards import card_of
from zonary.portal.demonstration.measures.documents import DOCUMENTS
from zonary.portal.demonstration.measures.enterprises import BASIS, SOURCE, shared_rows
from zonary.portal.demonstration.measures.further import PROPOSED
from zonary.portal.demonstration.measures.offers import Issued
from zonary.portal.demonstration.measures.packs import number_of, pack_of, text_of
from zonary.portal.demonstration.stage import Acts, Stage
from zonary.services.incentives.library.actions import Cover, Words, record_document
from zonary.services.incentives.matching.actions import give_promise, tell_of_benefits
from zonary.services.incentives.matching.queries import answers_to, question_of
from zonary.services.incentives.matching.rules import digest_of_words
from zonary.services.incentives.matching.tasks import Finder
from zonary.services.incentives.matching.wording import promise_words
from zonary.services.incentives.measures.actions import prepare_measure, publish_measure

_BATCHED: Final = ("utility", "step-20000", "rd-subsidy", "remanufacturing")
"""Measures of which there are lists; ``measure-`` and the id: what the stage calls them."""
_CLAIMED, _PROMISED = "pledge-interest", "energy-check"
_GROUNDS: Final = "不涉及市场准入限制，不设定特定经营者条件，依公平竞争审查条例通过。"
_CLAUSE: Final = "energy-check--floor-2000"


def figures_are_shared(stage: Stage) -> Acts:
    """About a part of the enterprises, by the platform on which authorities share data."""
    at = yield stage.days.ago(46, 15, 0)
    rows = shared_rows(stage.days.last_year, zone_date(at).isoformat())
    officer = stage.acting("officer-market", "zone", at)
    import_facts(rows, source=SOURCE, sharing_basis=BASIS, consent_not_needed=NOT_NEEDED, by=officer, at=at)


def rules_are_released(stage: Stage) -> Acts:
    """One officer records the documents and proposes their rules; another reviews them, and a third releases them."""
    year, today = stage.days.last_year, stage.days.today
    at = yield stage.days.ago(45)
    officer = stage.acting("officer-market", "zone", at)
    drafts = []
    for issued in DOCUMENTS:
        _record(issued, year, by=officer, at=at)
        drafts.append(propose_pack(pack_of(issued, year, today), note="按公布文本编写", by=officer, at=at))
    at = yield stage.days.ago(44)
    reviewer = stage.acting("officer-trade", "zone", at)
    for draft in drafts:
        record_fair_competition_review(str(draft.public_id), conclusion="passes", grounds=_GROUNDS, by=reviewer, at=at)
    at = yield stage.days.ago(43)
    for draft in drafts:
        release_pack(str(draft.public_id), by=stage.acting("officer", "zone", at), at=at)


def rules_wait_for_release(stage: Stage) -> Acts:
    """A ninth document, proposed by the first officer: reviewed, and left for the second to release."""
    year = stage.days.last_year
    at = yield stage.days.ago(5, 14, 30)
    officer = stage.acting("officer", "zone", at)
    _record(PROPOSED, year, by=officer, at=at)
    draft = str(
        propose_pack(pack_of(PROPOSED, year, stage.days.today), note="按公布文本编写", by=officer, at=at).public_id
    )
    stage.things["waiting-rules"] = draft
    at = yield stage.days.ago(4, 15, 10)
    reviewer = stage.acting("officer-market", "zone", at)
    record_fair_competition_review(draft, conclusion="passes", grounds=_GROUNDS, by=reviewer, at=at)


def _record(issued: Issued, year: int, *, by: Standing, at: datetime) -> None:
    cover = Cover(
        number=number_of(issued, year),
        title=issued.chinese,
        title_english=issued.english,
        issuer=issued.department,
    )
    words = Words(
        text=text_of(issued, year),
        issued_on=date(year, 6, 12),
        first=date(year, 7, 1),
        last=None,
        source="青屿示范片区管委会公报（虚构）",
    )
    record_document(cover, words, by=by, at=at)


def measures_are_published(stage: Stage) -> Acts:
    """A hundred cards: one officer prepares them and publishes what gives no money, another the rest."""
    at = yield stage.days.ago(42)
    writes, looks = (stage.acting(each, "zone", at) for each in ("officer-market", "officer-trade"))
    for issued in DOCUMENTS:
        for offer in issued.offers:
            card = card_of(issued, offer, stage.days.last_year, stage.days.today.year)
            made = prepare_measure(issued.id, offer.id, card, by=writes, at=at)
            publish_measure(str(made.public_id), version=1, by=looks if card.gives_money else writes, at=at)
            if offer.id in (*_BATCHED, _CLAIMED, _PROMISED):
                stage.things[f"measure-{offer.id}"] = str(made.public_id)


def enterprises_are_told(stage: Stage) -> Acts:
    """Of what they have, by the zone's own server: on a day of the story, and of what came since."""
    looking = Finder()
    for moment in (stage.days.ago(36, 8, 0), stage.days.just_now(5)):
        at = yield moment
        while looking.work(partial(tell_of_benefits, by=SYSTEM, at=at), at=at):
            pass


def a_condition_is_promised(stage: Stage) -> Acts:
    """Nobody has the floor area of this year: the company gives its word, and the zone has a day to look at it."""
    at = yield stage.days.ago(16, 11, 20)
    measure = stage.things[f"measure-{_PROMISED}"]
    by = stage.acting("owner", "maker", at)
    asked = question_of(measure, day=zone_date(at), known_at=at, at=at)
    (answer,) = answers_to(asked, [Organization.objects.get(public_id=by.organisation)])
    shown = digest_of_words(promise_words(answer, _CLAUSE, in_english=False))
    stage.things["promise"] = str(give_promise(measure, _CLAUSE, words_sha256=shown, by=by, at=at).public_id)
