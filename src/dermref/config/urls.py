"""All routes, chosen here and nowhere else."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

admin.site.site_header = admin.site.site_title = "dermref: the tables"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("dermref.api.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="sign-in", query_string=True)),  # one door, and it counts
    path("admin/", admin.site.urls),
    path("", include("dermref.web.urls")),
]
handler400 = "dermref.web.errors.asked_wrongly"
handler404 = "dermref.web.errors.missing"
handler500 = "dermref.web.errors.fault"
