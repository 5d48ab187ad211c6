"""Grants in the reader's words, for templates."""

from __future__ import annotations

from django import template

from zonary.services.incentives.grants import wording

register = template.Library()

register.filter("money", wording.money)
register.filter("batch_title", wording.title_of)
register.filter("batch_state", wording.batch_state)
register.filter("grant_state", wording.grant_state)
register.filter("file_state", wording.file_state)
register.filter("objection_state", wording.objection_state)
register.filter("claw_back_reason", wording.reason_name)
register.filter("benefit", wording.benefit_of)
register.filter("why_so_much", wording.why)
