"""All routes, chosen here and nowhere else."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("dermref.api.urls")),
]
