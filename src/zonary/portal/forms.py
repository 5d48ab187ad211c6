"""How forms look: every plain ``forms.Form`` is shown in the components of the shell (the setting FORM_RENDERER)."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class PageForms(DjangoTemplates):
    form_template_name = "portal/_components/form.html"
    field_template_name = "portal/_components/field.html"
