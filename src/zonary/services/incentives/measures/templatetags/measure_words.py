"""Measures in the reader's words, for templates."""

from __future__ import annotations

from django import template

from zonary.services.incentives.measures import wording

register = template.Library()

register.filter("measure_title", wording.title_of)
