"""Rule packs in the reader's words, for templates."""

from __future__ import annotations

from django import template

from zonary.foundation.rules import wording

register = template.Library()

register.filter("in_language", wording.in_language)
register.filter("draft_title", wording.draft_title)
register.filter("draft_state", wording.state_name)
register.filter("draft_tone", wording.state_tone)
register.filter("conclusion", wording.conclusion_name)
register.filter("conclusion_tone", wording.conclusion_tone)
register.filter("validity", wording.validity)
register.filter("choosing", wording.choosing_name)
register.filter("rounding", wording.rounding_name)
register.filter("parameter_name", wording.parameter_name)
register.filter("with_unit", wording.with_unit)
