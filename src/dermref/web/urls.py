"""Routes of the site."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from dermref.web.about import rights
from dermref.web.conditions import condition_list, condition_page
from dermref.web.home import home
from dermref.web.images import browse, image
from dermref.web.machines import healthz, robots
from dermref.web.sources import source_list, source_page


class PublicId(StringConverter):
    """`<source_id>:<foreign_id>`; a foreign id may hold anything but a NUL, slashes and line ends included."""

    regex = r"[^\x00]+"


register_converter(PublicId, "public_id")

urlpatterns = [
    path("", home, name="home"),
    path("images/", browse, name="images"),
    path("images/<public_id:public_id>/", image, name="image"),
    path("conditions/", condition_list, name="conditions"),
    path("conditions/<slug:slug>/", condition_page, name="condition"),
    path("sources/", source_list, name="sources"),
    path("sources/<slug:source_id>/", source_page, name="source"),
    path("about/rights/", rights, name="rights"),
    path("robots.txt", robots, name="robots"),
    path("healthz", healthz, name="healthz"),
]
