"""Templates say nothing but through ``{% say %}``, carry no style or script of their own, and escape everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

SPOKEN = {"Zonary", "·", "中文", "English"}
"""What is the same in both languages: names, and each language's name for itself."""
SHOWN_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "content",
    "data-done",
    "data-label",
    "placeholder",
    "title",
}
_COMMENTS = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
_TAGS = re.compile(r"\{% block width %\}[\w -]*\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]")
_NEVER_SHOWN = {"code", "script", "style"}


class _Shown(HTMLParser):
    """What a reader sees or hears of a page: texts, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEVER_SHOWN:
            self._inside.append(tag)
        named = dict(attrs)
        shown = SHOWN_ATTRIBUTES - ({"content"} if tag == "meta" else set())
        self.texts += [value for name, value in named.items() if name in shown and value]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.texts.append(data)


def _unspoken(template: str) -> Iterator[str]:
    reader = _Shown()
    reader.feed(_TAGS.sub(" ", _COMMENTS.sub("", template)))
    reader.close()
    for text in reader.texts:
        yield from (word for word in text.split() if word not in SPOKEN and _WORD.search(word))


def test_there_are_templates(templates: Mapping[Path, str]) -> None:
    assert len(templates) > 5


def test_templates_say_nothing_by_themselves(templates: Mapping[Path, str]) -> None:
    assert {str(path): words for path, text in templates.items() if (words := list(_unspoken(text)))} == {}


def test_literal_words_would_be_found() -> None:
    assert list(_unspoken("<p>{% say 'a' %} Hello</p>")) == ["Hello"]
    assert list(_unspoken('<img alt="图">')) == ["图"]
    assert list(_unspoken('<a title="{% say "Home" %}">{{ name }}</a><code>GET /x</code>{# a note #}')) == []


def test_no_template_has_a_style_or_script_of_its_own(templates: Mapping[Path, str]) -> None:
    """The content security policy would refuse it, silently for whoever looks at a page in a hurry."""
    pattern = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", re.IGNORECASE
    )
    assert {str(p): found for p, text in templates.items() if (found := pattern.findall(text))} == {}


def test_every_template_escapes(templates: Mapping[Path, str]) -> None:
    pattern = re.compile(r"\|\s*safe\b|safeseq|autoescape\s+off")
    assert {str(p): found for p, text in templates.items() if (found := pattern.findall(text))} == {}


def test_what_htmx_replaces_is_named_as_a_part(templates: Mapping[Path, str]) -> None:
    """A template without ``extends`` or a doctype is a part of a page: its name begins with ``_``, or its folder's."""
    parts = [
        str(path)
        for path, text in templates.items()
        if path.suffix == ".html"
        and "{% extends" not in text
        and "<!doctype" not in text
        and not any(part.startswith("_") for part in path.parts)
    ]
    assert parts == []
