from __future__ import annotations

from django.urls import path

from zonary.foundation.search import views

app_name = "search"
urlpatterns = [path("", views.find, name="find")]
