"""Routes of the site."""

from django.urls import path, register_converter, reverse
from django.urls.converters import StringConverter

from dermref.web.about import rights
from dermref.web.account import account
from dermref.web.collections import collection_list, collection_page, shared_citation, shared_page
from dermref.web.conditions import condition_list, condition_page
from dermref.web.editing import delete_page, edit, freeze_page
from dermref.web.home import home
from dermref.web.images import browse, image
from dermref.web.invitations import invitation
from dermref.web.machines import healthz, robots, tdm_policy, tdmrep
from dermref.web.making import add_image, new_collection
from dermref.web.signing import sign_in, sign_out
from dermref.web.snapshots import snapshot_page
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
    path("collections/", collection_list, name="collections"),
    path("collections/new/", new_collection, name="collection-new"),
    path("collections/add/", add_image, name="collection-add"),
    path("collections/shared/<str:key>/", shared_page, name="collection-shared"),
    path("collections/shared/<str:key>/citation/", shared_citation, name="shared-citation"),
    path("collections/<slug:slug>/", collection_page, name="collection"),
    path("collections/<slug:slug>/edit/", edit, name="collection-edit"),
    path("collections/<slug:slug>/freeze/", freeze_page, name="collection-freeze"),
    path("collections/<slug:slug>/delete/", delete_page, name="collection-delete"),
    path("collections/<slug:slug>/<int:number>/", snapshot_page, name="snapshot"),
    path("sources/", source_list, name="sources"),
    path("sources/<slug:source_id>/", source_page, name="source"),
    path("about/rights/", rights, name="rights"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("account/", account, name="account"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/tdmrep.json", tdmrep, name="tdmrep"),
    path("tdm/<slug:source_id>/<slug:offer>.json", tdm_policy, name="tdm-policy"),
    path("healthz", healthz, name="healthz"),
]


def invitation_path(token: str) -> str:
    """The path at which an invitation is accepted."""
    return reverse("invitation", args=[token])
