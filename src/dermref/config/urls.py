"""All routes, chosen here and nowhere else."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from dermref.catalog.admin.links import register_links
from dermref.services.linking import check_new
from dermref.web.dev import dev_page

admin.site.site_header = admin.site.site_title = "dermref: the tables"
register_links(admin.site, rule=check_new)
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/dev-image/<path:public_id>/page", dev_page, name="dev-image-page"),  # drawn by the site, at the dev gate
    path("api/", include("dermref.api.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="sign-in", query_string=True)),  # one door, and it counts
    path("admin/", admin.site.urls),
    path("", include("dermref.web.urls")),
]
handler400 = "dermref.web.errors.asked_wrongly"
handler404 = "dermref.web.errors.missing"
handler500 = "dermref.web.errors.fault"
