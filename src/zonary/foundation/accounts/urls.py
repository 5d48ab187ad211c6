from __future__ import annotations

from django.urls import path

from zonary.foundation.accounts import views

urlpatterns = [
    path("", views.overview, name="account"),
    path("begin/", views.begin, name="account-begin"),
    path("sessions/<int:number>/end/", views.end_session, name="account-end-session"),
]
