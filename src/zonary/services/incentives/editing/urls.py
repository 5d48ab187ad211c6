from __future__ import annotations

from django.urls import path

from zonary.services.incentives.editing import parts, table_views, views

app_name = "editing"
urlpatterns = [
    path("", views.listed, name="list"),
    path("begin/<str:edition>", views.begin, name="begin"),
    path("again/<str:pack>", views.again, name="again"),
    path("<str:public_id>/clauses", views.clauses, name="clauses"),
    path("<str:public_id>/check", views.check, name="check"),
    path("<str:public_id>/items", views.items, name="items"),
    path("<str:public_id>/words", parts.words, name="words"),
    path("<str:public_id>/tables", table_views.listed, name="tables"),
    path("<str:public_id>/tables/<int:number>.xlsx", table_views.workbook, name="workbook"),
    path("<str:public_id>/table", table_views.table, name="table"),
    path("<str:public_id>/table/look", table_views.look, name="look"),
    path("<str:public_id>/cases", parts.cases, name="cases"),
    path("<str:public_id>/propose", views.propose, name="propose"),
]
