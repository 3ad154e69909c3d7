"""The addresses of this door; plain views first, the documented operations behind them."""

from django.urls import path

from sanbao.api.documented import api
from sanbao.api.views import classes, docs, reports, responsible

app_name = "api"
urlpatterns = [
    path("v1/reports", reports.send_report, name="reports"),
    path("v1/reports:batch", reports.send_reports, name="reports_batch"),
    path("v1/reports:nearby", reports.nearby, name="reports_nearby"),
    path("v1/reports/<str:number>", reports.report, name="report"),
    path("v1/photos", reports.send_photo, name="photos"),
    path("v1/classes", classes.problem_classes, name="classes"),
    path("v1/responsible", responsible.responsible, name="responsible"),
    path("docs", docs.docs, name="docs"),
    path("", (api.urls[0], "ninja", "document")),
]
