from __future__ import annotations

from django.urls import path

from zonary.services.incentives.grants.views import enterprises, officers, payments, public

app_name = "grants"
urlpatterns = [
    path("", enterprises.own, name="list"),
    path("batches", officers.listed, name="batches"),
    path("batches/new", officers.start, name="start"),
    path("batches/<str:batch>", officers.one, name="batch"),
    path("batches/<str:batch>/step", officers.step, name="step"),
    path("batches/<str:batch>/cancel", officers.cancel, name="cancel"),
    path("batches/<str:batch>/export", officers.export, name="export"),
    path("batches/<str:batch>/replay", officers.replay, name="replay"),
    path("files/<str:file>", payments.file, name="file"),
    path("files/<str:file>/content", payments.content, name="content"),
    path("objections/<str:objection>", payments.objection, name="objection"),
    path("notices", public.notices, name="notices"),
    path("notices/<str:batch>", public.notice, name="notice"),
    path("notices/<str:batch>/content.json", public.notice_file, name="notice-file"),
    path("claim/<str:measure>", enterprises.claim, name="claim"),
    path("<str:grant>", enterprises.grant, name="grant"),
    path("<str:grant>/decline", enterprises.decline, name="decline"),
    path("<str:grant>/object", enterprises.raise_objection, name="object"),
    path("<str:grant>/remove", payments.remove, name="remove"),
    path("<str:grant>/keep", payments.keep, name="keep"),
    path("<str:grant>/failure", payments.confirm_failure, name="failure"),
    path("<str:grant>/correction", payments.correct, name="correction"),
    path("<str:grant>/claw-back", payments.claw_back, name="claw-back"),
    path("<str:grant>/repaid", payments.repaid, name="repaid"),
]
