"""The story in its order. A step is one of the people doing something at its time; a new one is a line here."""

from __future__ import annotations

from collections.abc import Callable

from zonary.portal.demonstration.stage import Stage
from zonary.portal.demonstration.steps import company, dossier, facts, reviews, sealing, secrecy, zone

STORY: tuple[Callable[[Stage], None], ...] = (
    zone.found_the_zone,
    zone.officers_come,
    zone.registry_is_read_in,
    zone.pool_is_opened,
    company.bank_and_institute_come,
    company.companies_are_claimed,
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
