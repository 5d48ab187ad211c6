"""The editor: the document on the left, one part of the draft on the right. Parse, call one action or query, answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, language, say
from zonary.engines.clauses.language import Offer
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, show
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.rules.queries import latest_release, latest_releases
from zonary.proof.errors import Error
from zonary.services.incentives.editing import checks, queries, rules
from zonary.services.incentives.editing.actions import (
    begin_draft,
    drop_draft,
    propose_draft,
    save_draft,
    take_up_release,
)
from zonary.services.incentives.editing.forms import AgainForm, BeginForm, ClauseForm, ItemForm, ProposeForm
from zonary.services.incentives.editing.models import WorkingDraft
from zonary.services.incentives.editing.permissions import refuse_who_writes_no_rules
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.library import rules as texts
from zonary.services.incentives.library.citing import wrong_citation
from zonary.services.incentives.library.queries import edition_called
from zonary.services.incentives.library.showing import shown_lines

either = require_http_methods(["GET", "HEAD", "POST"])
PARTS = {
    "clauses": "Clauses",
    "items": "Items and conditions",
    "words": "Words and parameters",
    "tables": "Amounts and tables",
    "cases": "Test cases",
    "propose": "Check and propose",
}
Change = Callable[[Content], Content]
MAX_QUOTE = 4000
"""Characters of the document's words that are looked at for a proposal."""


@require_safe
@for_people
def listed(request: HttpRequest, by: Standing) -> HttpResponse:
    """Drafts that are open; for officers alone."""
    refuse_who_writes_no_rules(by)
    released = latest_releases().select_related("draft").defer("content", "draft__content")[:200]
    return show(request, "editing/list.html", {"rows": list(queries.working_drafts(by)[:200]), "released": released})


@either
@for_people
def begin(request: HttpRequest, by: Standing, edition: str) -> HttpResponse:
    """From an edition of a document; most of the form is filled in from it."""
    refuse_who_writes_no_rules(by)
    found = found_or_404(edition_called(edition))
    document = found.document
    initial = {
        "pack": rules.suggested_id(document.number),
        "title_english": document.title_english,
        "item_title": document.title,
        "item_title_english": document.title_english,
        "first": found.first,
    }
    form = BeginForm(request.POST or None, initial=initial)
    made = attempt(form, lambda: begin_draft(edition, **form.cleaned_data, by=by, at=now()))
    if made is not None:
        return redirect("editing:clauses", made.public_id)
    return show(request, "editing/begin.html", {"document": document}, form)


@either
@for_people
def again(request: HttpRequest, by: Standing, pack: str) -> HttpResponse:
    """The last release of a pack becomes the draft of its next edition; asked is from which words, and since when."""
    refuse_who_writes_no_rules(by)
    try:
        release = latest_release(pack)
    except UnknownPackError as error:
        raise Http404 from error
    editions = queries.editions_to_write_from(json.loads(release.content)["number"])
    form = AgainForm(request.POST or None, editions=editions)
    made = attempt(form, lambda: take_up_release(pack, **form.cleaned_data, by=by, at=now()))
    if made is not None:
        messages.success(
            request, _("The release is taken up as it is. It decides on until the new edition is released.")
        )
        return redirect("editing:clauses", made.public_id)
    return show(request, "editing/again.html", {"release": release, "has_editions": bool(editions)}, form)


def open_draft(by: Standing, public_id: str) -> WorkingDraft:
    """:raises Http404: when there is none that is open, or for who is no officer."""
    found = found_or_404(queries.working_draft_of(by, public_id))
    if found.state != WorkingDraft.State.OPEN:
        raise Http404
    return found


def keep(draft: WorkingDraft, change: Change, version: object, *, by: Standing) -> WorkingDraft:
    """Save what ``change`` makes of the draft.

    :raises Error: when it cannot be, with nothing kept.
    """
    text = str(version)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return save_draft(str(draft.public_id), change(queries.content_of(draft)), version=number, by=by, at=now())


def kept(request: HttpRequest, draft: WorkingDraft, change: Change, done: str, *, by: Standing) -> bool:
    """The same for a button without a form of its own; what stops it is told on top of the page."""
    try:
        keep(draft, change, request.POST.get("version"), by=by)
    except Error as error:
        messages.error(request, say(error))
        return False
    messages.success(request, done)
    return True


def page(
    request: HttpRequest, draft: WorkingDraft, part: str, context: Mapping[str, Any], form: forms.Form | None = None
) -> HttpResponse:
    """A part of the editor beside the text, with what was taken up of it marked."""
    content, words = queries.content_of(draft), draft.edition
    articles = texts.articles_of(words.text)
    spans = [
        place
        for each in (*content["clauses"], *content["tables"])
        if (place := texts.place_of_quote(words.text, each["quote"], texts.cited(each["article"], articles)))
    ]
    shared = {
        "draft": draft,
        "heading": content["title"][language()] or draft.title,
        "content": content,
        "document": words.document,
        "lines": shown_lines(words.text, articles, spans),
        "part": "tables" if part == "table" else part,
        "parts": [(key, _(name), f"editing:{key}") for key, name in PARTS.items()],
    }
    return show(request, f"editing/{part}.html", {**shared, **context}, form)


# --- clauses ----------------------------------------------------------------------------------------------------------


@either
@for_people
def clauses(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Sentences of the text that can be taken up, those that were, and one to write or mend."""
    draft = open_draft(by, public_id)
    content = queries.content_of(draft)
    do = request.POST.get("do", "")
    if do == "take":
        return _take(request, draft, by)
    if do == "remove":
        id = request.POST.get("id", "")
        kept(request, draft, lambda each: rules.without_clause(each, id), _("The clause is removed."), by=by)
        return redirect("editing:clauses", public_id)
    where = reverse("editing:check", args=[public_id])
    form = ClauseForm(request.POST or None, initial=_initial_clause(request, draft, content), check=where)
    if do == "save" and attempt(form, lambda: _save_clause(draft, form, by)) is not None:
        messages.success(request, _("The clause is saved."))
        wrong = wrong_citation(form.clause(), draft.edition)
        if wrong is not None:
            messages.warning(request, say(wrong))
        return redirect("editing:clauses", public_id)
    found = checks.offers_in(content, draft.edition.text)
    context = {
        "offers": _offers(draft, content, found),
        "left": _left(draft, content, found),
        "clauses": [
            (each, checks.sentence_of(content, each["sentence"]), wrong_citation(each, draft.edition))
            for each in content["clauses"]
        ],
        "is_change": bool(form["id"].value()),
        "terms": _terms(content),
        **_looked(content, *(form[each].value() or "" for each in ("sentence", "article", "quote"))),
    }
    return page(request, draft, "clauses", context, form)


def _looked(content: Content, sentence: str, article: str, quote: str) -> dict[str, Any]:
    """What is right or wrong with a sentence, and what could be proposed for the words it is to say."""
    quote = quote[:MAX_QUOTE]
    checked = checks.sentence_of(content, sentence, quote) if sentence.strip() else None
    proposed = checked.proposed if checked else checks.proposals_for(content, quote) if quote.strip() else ()
    return {"checked": checked, "proposed": proposed, "article": article, "quote": quote}


def _initial_clause(request: HttpRequest, draft: WorkingDraft, content: Content) -> dict[str, Any]:
    """The clause that is asked for by ``?clause=``, or what else stands in the address: a sentence that was offered."""
    wanted = request.GET.get("clause", "")
    found: dict[str, Any] = next((dict(each) for each in content["clauses"] if each["id"] == wanted), {})
    given = {name: request.GET[name] for name in ("sentence", "article", "quote") if name in request.GET}
    return {**found, **given, "version": draft.version}


def _save_clause(draft: WorkingDraft, form: ClauseForm, by: Standing) -> WorkingDraft:
    """:raises SentenceError: with the place where the sentence goes wrong."""
    clause = form.clause()
    found = checks.sentence_of(queries.content_of(draft), clause["sentence"])
    if found.error is not None:
        raise found.error
    first = next((each["id"] for each in queries.content_of(draft)["items"]), "")
    return keep(draft, lambda each: rules.with_clause(each, clause, item=first)[0], form.cleaned_data["version"], by=by)


def _offers(draft: WorkingDraft, content: Content, offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Sentences of the text that are rules already and were not taken up."""
    text = draft.edition.text
    articles = texts.articles_of(text)
    taken = {each["quote"] for each in content["clauses"]}
    return [
        {"place": f"{each.start}-{each.end}", "text": text[each.start : each.end],
         "article": article.label if (article := texts.article_at(articles, each.start)) else ""}
        for each in offers
        if text[each.start : each.end] not in taken
    ]  # fmt: skip


def _left(draft: WorkingDraft, content: Content, offers: Sequence[Offer]) -> list[dict[str, str]]:
    """Passages of the text that are no rules as they stand, and that no clause and no table quotes."""
    text = draft.edition.text
    articles = texts.articles_of(text)
    quoted = [each["quote"] for name in ("clauses", "tables") for each in content[name] if each["quote"]]
    taken = [place for each in quoted if (place := texts.place_of_quote(text, each))]
    taken += [(each.start, each.end) for each in offers]
    found = []
    for start, end in rules.passages(text):
        is_title = text[start:end] == draft.edition.document.title
        if not is_title and not any(start < other_end and other < end for other, other_end in taken):
            article = texts.article_at(articles, start)
            found.append({"quote": text[start:end], "article": article.label if article else ""})
    return found


def _take(request: HttpRequest, draft: WorkingDraft, by: Standing) -> HttpResponse:
    """The chosen sentences become clauses, each citing its own words, and all of them are asked by the first item."""
    chosen = set(request.POST.getlist("place"))
    content = queries.content_of(draft)
    offers = checks.offers_in(content, draft.edition.text)
    wanted = [each for each in _offers(draft, content, offers) if each["place"] in chosen]
    item = next((each["id"] for each in content["items"]), "")

    def change(each: Content) -> Content:
        for offer in wanted:
            clause = {"sentence": offer["text"], "quote": offer["text"], "article": offer["article"]}
            each, _id = rules.with_clause(each, clause, item=item)
        return each

    if not wanted:
        messages.error(request, _("Choose at least one sentence."))
    else:
        kept(request, draft, change, _("{count} sentences are clauses now.", count=len(wanted)), by=by)
    return redirect("editing:clauses", draft.public_id)


def _terms(content: Content) -> list[tuple[str, str]]:
    """Names that sentences may use, with what they are."""
    try:
        words = checks.words_of(content)
    except Error:
        return []
    return [(each.chinese, each.english) for each in words.terms]


@require_safe
@for_people
def check(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """What is right or wrong with a sentence, while it is typed; nothing is kept."""
    draft = open_draft(by, public_id)
    sentence, article, quote = (
        request.GET.get(each, "")[: rules.MAX_CONTENT] for each in ("sentence", "article", "quote")
    )
    looked = _looked(queries.content_of(draft), sentence, article, quote)
    return render(request, "editing/_check.html", {"draft": draft, **looked})


# --- items ------------------------------------------------------------------------------------------------------------


@either
@for_people
def items(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """What enterprises get, and which clauses each item asks for."""
    draft = open_draft(by, public_id)
    content = queries.content_of(draft)
    wanted = request.POST.get("id", request.GET.get("item", ""))
    if request.POST.get("do") == "remove":
        kept(request, draft, lambda each: rules.without_row(each, "items", wanted), _("The item is removed."), by=by)
        return redirect("editing:items", public_id)
    item = next((each for each in content["items"] if each["id"] == wanted), None)
    if item is None and "new" not in request.GET and not wanted:
        item = next(iter(content["items"]), None)
    asked = rules.asked_by(item["condition"]) if item else rules.Asked(required=(), groups=())
    amounts = [each["name"]["zh"] for each in content["tables"]]
    initial = _initial_item(draft, item)
    form = ItemForm(request.POST or None, initial=initial, content=content, amounts=amounts, asked=asked)
    if request.method == "POST" and attempt(form, lambda: _save_item(draft, form, item, asked, by)) is not None:
        messages.success(request, _("The item is saved."))
        return redirect("editing:items", public_id)
    names = [name for name in form.fields if name.startswith(("clause-", "how-", "count-"))]
    context = {
        "item": item,
        "is_deep": asked is None,
        "has_groups": asked is not None and bool(asked.groups),
        "plain_fields": [form[name] for name in form.fields if name not in names and name not in ("id", "version")],
        "clause_fields": [form[name] for name in names if name.startswith("clause-")],
        "group_fields": [
            (form[f"how-{name}"], form[f"count-{name}"]) for name in rules.GROUPS if f"how-{name}" in names
        ],
    }
    return page(request, draft, "items", context, form)


def _initial_item(draft: WorkingDraft, item: Mapping[str, Any] | None) -> dict[str, Any]:
    if item is None:
        return {"version": draft.version, "first": draft.edition.first}
    return {
        "id": item["id"],
        "title": item["title"]["zh"],
        "title_english": item["title"]["en"],
        "first": item["first"],
        "last": item.get("last"),
        "amount": item.get("amount", ""),
        "version": draft.version,
    }


def _save_item(
    draft: WorkingDraft, form: ItemForm, item: Mapping[str, Any] | None, asked: rules.Asked | None, by: Standing
) -> WorkingDraft:
    given = form.cleaned_data
    row: dict[str, Any] = {
        "id": item["id"] if item else rules.free_id(queries.content_of(draft), "items", "item-"),
        "title": {"zh": given["title"], "en": given["title_english"]},
        # A condition that stands deeper than the page can offer stays what it is.
        "condition": item["condition"] if item and asked is None else rules.condition_of(form.asked()),
        "first": given["first"].isoformat(),
    }
    row |= {"last": given["last"].isoformat()} if given["last"] else {}
    row |= {"amount": given["amount"]} if given["amount"] else {}
    return keep(draft, lambda each: rules.with_row(each, "items", row), given["version"], by=by)


# --- the end ----------------------------------------------------------------------------------------------------------


@either
@for_people
def propose(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """What is found in the draft as a whole, and handing it over to be reviewed and released."""
    draft = open_draft(by, public_id)
    if request.POST.get("do") == "drop":
        try:
            drop_draft(public_id, version=int(request.POST.get("version", "0") or 0), by=by, at=now())
            messages.success(request, _("The draft is dropped."))
        except (Error, ValueError) as error:
            messages.error(request, say(error) if isinstance(error, Error) else _("There is no such draft."))
        return redirect("editing:list")
    form = ProposeForm(request.POST or None, initial={"version": draft.version})
    done = attempt(form, lambda: propose_draft(public_id, **form.cleaned_data, by=by, at=now()))
    if done is not None:
        messages.success(request, _("The rules are proposed. Another officer reviews and releases them."))
        return redirect("rules:draft", done.proposal)
    looked = checks.looked_at(queries.content_of(draft), zone_date(now()), draft.edition)
    return page(request, draft, "propose", {"looked": looked}, form)
