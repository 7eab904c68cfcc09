"""Routes of the API. A source with a route of its own in the registry gets one by its item ids."""

from django.urls import URLPattern, URLResolver, path

from dermref.api.bytes import dev_image, image, item_route
from dermref.api.v1 import api
from dermref.services.rulings import all_sources

urlpatterns: list[URLPattern | URLResolver] = [
    path("image/<path:public_id>", image, name="image-bytes"),
    path("dev-image/<path:public_id>", dev_image, name="dev-image-bytes"),
    *(
        path(f"{source.ingest.image_route}/<path:foreign_id>", item_route(source.source_id))
        for source in all_sources().values()
        if source.ingest.image_route
    ),
    path("v1/", api.urls),
]
