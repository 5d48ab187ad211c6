from __future__ import annotations

from django.urls import path

from zonary.foundation.accounts import leaving_views, views

urlpatterns = [
    path("", views.overview, name="account"),
    path("identity-code/", views.identity_code, name="account-identity-code"),
    path("begin/", views.begin, name="account-begin"),
    path("sessions/<int:number>/end/", views.end_session, name="account-end-session"),
    path("close/", leaving_views.close, name="account-close"),
    path("people/", leaving_views.people, name="account-people"),
    path("people/<uuid:person>/", leaving_views.one, name="account-person"),
]
