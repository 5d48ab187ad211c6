"""What a template says is in the reader's language and escaped, and pieces of pages are what they promise."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

import zonary
from zonary.common.language import speaking

LOAD = "{% load words components %}"


@pytest.fixture
def show(migrated: Any) -> Any:
    from django.template import Context, Template
    from django.test import RequestFactory

    def show(text: str, address: str = "/", **values: object) -> str:
        request = RequestFactory().get(address)
        rendered: str = Template(LOAD + text).render(Context({"request": request, **values}))
        return rendered

    return show


def test_it_is_said_in_the_readers_language(show: Any) -> None:
    for language, said in (("zh", "由星河运营。"), ("en", "Run by 星河.")):
        with speaking(language):
            assert show('{% say "Run by {name}." name=name %}', name="星河") == said
            assert show('{% say "Run by {name}." name=name as line %}[{{ line }}]', name="星河") == f"[{said}]"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '" onmouseover="x', "{name.__class__}", "{", "%(a)s"])
def test_names_are_never_markup_nor_templates(show: Any, name: str) -> None:
    shown = show('<p title="{% say "Run by {name}." name=name %}">{% copyable name %}{% badge name %}</p>', name=name)
    assert name == "%(a)s" or "<script" not in shown
    assert '" onmouseover' not in shown
    if "{" in name:
        assert name in shown


def test_an_error_is_said_too(show: Any) -> None:
    from zonary.portal.assets import AssetsError

    with speaking("zh"):
        sentence = "No asset is called “{name}”. If there is one in assets, build them again: python assets/build.py"
        assert "没有名为“x”" in show("{{ error|said }}", error=AssetsError(sentence, name="x"))
        assert show("{{ error|said }}", error="<b>") == "&lt;b&gt;"


def test_a_time_is_chinas(show: Any) -> None:
    at = datetime(2026, 11, 22, 16, 28, 22, tzinfo=UTC)
    shown = show("{% moment at %}", at=at)
    assert 'datetime="2026-11-22T16:28:22Z"' in shown
    assert ">2026-11-23 00:28 <" in shown
    assert "00:28:22" in show("{% moment at precise=True %}", at=at)


def test_a_day_is_in_one_piece(show: Any) -> None:
    assert show("{% day on %}", on=date(2026, 11, 3)) == "<time>2026-11-03</time>"
    assert show("{% day on %}", on=None) == "–"


def test_no_page_shows_a_day_of_its_own_making() -> None:
    """Beside it in a narrow column of a table, a bare one is broken at its hyphens."""
    bare = re.compile(r'(?<!=)(?<!=")\{\{ [\w.]+\|date:"[^"]*" \}\}(?!")')
    found = {
        path.name: bare.findall(path.read_text("utf-8"))
        for path in Path(zonary.__file__).parent.rglob("templates/**/*.html")
    }
    assert len(found) > 50
    assert not {name: each for name, each in found.items() if each}


def test_a_state_has_a_word_and_one_of_five_tones(show: Any) -> None:
    from django.template import TemplateSyntaxError

    assert show('{% badge "valid" "good" %}') == '<span class="state state-good">valid</span>'
    with pytest.raises(TemplateSyntaxError):
        show('{% badge "valid" "green" %}')


def test_the_next_page_keeps_the_rest_of_the_address(show: Any) -> None:
    shown = show('{% pagination following="b&c" %}', "/list?q=%E6%98%9F&kind=a&kind=b&cursor=a")
    assert 'href="?q=%E6%98%9F&amp;kind=a&amp;kind=b&amp;cursor=b%26c"' in shown
    assert 'href="?q=%E6%98%9F&amp;kind=a&amp;kind=b"' in shown
    assert show("{% pagination %}").strip() == ""


def test_a_form_ties_label_help_and_error_to_its_field(migrated: Any) -> None:
    from django import forms

    from zonary.common.page_words import later

    class Name(forms.Form):
        name = forms.CharField(label=later("Acting for"), help_text="<i>help</i>")
        kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)

    for language, label in (("zh", "代表"), ("en", "Acting for")):
        with speaking(language):
            shown = str(Name({"name": ""}))
            assert f'for="id_name">{label}' in shown
            assert "&lt;i&gt;help" in shown
            assert 'aria-describedby="id_name_helptext id_name_error"' in shown
            assert 'id="id_name_error"' in shown
            assert 'aria-invalid="true"' in shown
            assert '<a href="#id_name">' in shown
            assert "<legend" in shown
    assert "error-summary" not in str(Name())
