"""The story. A step is some of the people doing something; a new one is a line here.

Steps go on side by side: each yields when its next act is due and is sent when it happens, so that acts stand in the
log in the order of their times. What a step needs of another one has to be due before.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from zonary.portal.demonstration.stage import Acts, Stage
from zonary.portal.demonstration.steps import company, dossier, facts, grants, measures, reviews, sealing, secrecy, zone

Step = Callable[[Stage], Acts]
STORY: tuple[Step, ...] = (
    zone.found_the_zone,
    zone.officers_come,
    zone.registry_is_read_in,
    zone.pool_is_opened,
    company.bank_and_institute_come,
    company.companies_are_claimed,
    company.neighbours_are_claimed,
    company.a_colleague_comes,
    company.inventor_is_known,
    sealing.records_are_registered,
    sealing.what_is_said_of_them,
    secrecy.secret_is_kept,
    secrecy.people_are_let_in,
    secrecy.engineer_leaves,
    dossier.dossier_is_opened,
    facts.figures_are_stated,
    facts.figures_are_disputed,
    facts.a_dispute_is_answered,
    measures.figures_are_shared,
    measures.rules_are_released,
    measures.measures_are_published,
    measures.enterprises_are_told,
    measures.a_condition_is_promised,
    measures.rules_wait_for_release,
    grants.a_batch_is_paid,
    grants.a_budget_does_not_suffice,
    grants.a_benefit_finds_the_company,
    grants.a_list_is_objected_to,
    grants.a_subsidy_is_claimed,
    facts.profile_goes_to_the_bank,
    sealing.contract_is_shared_with_the_bank,
    reviews.files_go_to_the_experts,
    reviews.experts_answer,
    company.a_slip_is_found,
    company.others_claim,
    sealing.inventor_registers_an_idea,
    sealing.folder_is_sealed,
    dossier.folder_is_filed,
)


def tell(stage: Stage, story: Sequence[Step] = STORY) -> None:
    """Have every act happen, the one that is due first before the others; of two, that of the earlier step."""
    begun = [(step(stage), number) for number, step in enumerate(story)]
    due = [(next(acts), number, acts) for acts, number in begun]
    heapq.heapify(due)
    last = None
    while due:
        moment, number, acts = heapq.heappop(due)
        # What was due days apart may fall on one workday: then it happens in this order all the same.
        last = moment.at if last is None else max(last, moment.at)
        try:
            heapq.heappush(due, (acts.send(last), number, acts))
        except StopIteration:
            continue
