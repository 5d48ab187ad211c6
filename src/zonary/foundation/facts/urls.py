from __future__ import annotations

from django.urls import path

from zonary.foundation.facts import officer_views, views

app_name = "facts"
urlpatterns = [
    path("", views.profile, name="list"),
    path("new", views.declare, name="declare-fact"),
    path("export.csv", views.export, name="export"),
    path("readings", views.readings, name="readings"),
    path("consents", views.consents, name="consents"),
    path("consents/<str:consent>/withdraw", views.withdraw, name="withdraw-consent"),
    path("shares", views.shares, name="shares"),
    path("shares/<str:share>/end", views.end_share, name="end-profile-share"),
    path("received", views.received, name="received"),
    path("find", officer_views.find, name="find"),
    path("import", officer_views.import_file, name="import-facts"),
    path("disputes", officer_views.disputes, name="disputes"),
    path("disputes/<str:dispute>", officer_views.answer, name="answer-dispute"),
    path("of/<str:subject>", officer_views.read, name="read-profile"),
    path("of/<str:subject>/record", officer_views.record, name="record-fact"),
    path("<str:fact>", views.one, name="fact"),
    path("<str:fact>/correct", views.correct, name="correct-fact"),
    path("<str:fact>/retract", views.retract, name="retract-fact"),
    path("<str:fact>/erase", officer_views.erase, name="erase-fact"),
    path("<str:fact>/dispute", views.dispute, name="dispute-fact"),
]
