"""Template tags and filters of the site."""

from django.template import Library

register = Library()
