from __future__ import annotations

from django.urls import path

from zonary.foundation.rules import draft_views, views

app_name = "rules"
urlpatterns = [
    path("", views.packs, name="list"),
    path("drafts", draft_views.drafts, name="drafts"),
    path("drafts/new", draft_views.propose, name="propose-pack"),
    path("drafts/shipped/<str:offered>", draft_views.take_up, name="take-up-pack"),
    path("drafts/<str:draft>", draft_views.draft, name="draft"),
    path("drafts/<str:draft>/review", draft_views.review, name="review-draft"),
    path("drafts/<str:draft>/release", draft_views.release, name="release-draft"),
    path("drafts/<str:draft>/withdraw", draft_views.withdraw, name="withdraw-draft"),
    path("packs/<str:pack>/<str:number>", views.release, name="release"),
    path("packs/<str:pack>/<str:number>/pack.json", views.content, name="content"),
    path("packs/<str:pack>/<str:number>/receipt", views.receipt, name="receipt"),
]
