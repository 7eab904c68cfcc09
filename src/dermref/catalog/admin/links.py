"""Links in the admin, under the very rule that the command line and the files obey."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from dermref.catalog import models
from dermref.catalog.conditions import intern_condition, slug_of
from dermref.model.link import LinkState, NewLink

if TYPE_CHECKING:  # at run time Django's classes take no type in brackets
    _Form = forms.ModelForm[models.Link]
    _Choice = forms.ModelChoiceField[models.Source]
    _Admin = ModelAdmin[models.Link]
else:
    _Form, _Choice, _Admin = forms.ModelForm, forms.ModelChoiceField, ModelAdmin

LinkRule = Callable[[NewLink], Sequence[str]]  # what speaks against a link, one sentence each
WORDS = ("source", "url", "title", "topic", "language", "needs_login", "note")
CHECKS = ("state", "strikes", "status", "moved_to", "checked_at", "by", "added_at")


def register_links(site: AdminSite, *, rule: LinkRule) -> None:
    """Give `site` the pages of links; `rule` says which may be saved. Once is enough."""
    if not site.is_registered(models.Link):
        site.register(models.Link, type("RuledLinkAdmin", (LinkAdmin,), {"rule": staticmethod(rule)}))


class SourceField(_Choice):
    """A source by its id."""

    def label_from_instance(self, obj: models.Source) -> str:
        """Its id, as everywhere else."""
        return obj.source_id


class LinkForm(_Form):
    """A link as a curator types it: the condition by its label, which is kept when it is new."""

    rule: LinkRule
    source = SourceField(models.Source.objects.order_by("source_id"))
    condition_label = forms.CharField(label="Condition", required=False, help_text="Or a topic below; not both.")

    class Meta:
        """The fields that a person fills."""

        model = models.Link
        fields = WORDS
        widgets = {name: forms.TextInput(attrs={"class": "vTextField"}) for name in ("url", "title", "topic")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.condition is not None:
            self.fields["condition_label"].initial = self.instance.condition.label

    def clean(self) -> dict[str, Any]:
        """All faults at once, each one sentence."""
        said = super().clean() or {}
        source = said.get("source")
        if source is None:
            return said
        link = NewLink(
            source_id=source.pk,
            url=said.get("url", ""),
            title=said.get("title", ""),
            condition=said.get("condition_label", ""),
            topic=said.get("topic", ""),
            language=said.get("language", ""),
            note=said.get("note", ""),
        )
        if faults := self.rule(link):
            raise ValidationError([*faults])
        if self._is_known(link):
            raise ValidationError("This link is there already.")
        return said

    def _is_known(self, link: NewLink) -> bool:
        rows = models.Link.objects.filter(source_id=link.source_id, url=link.url, topic=link.topic)
        same = rows.filter(condition_id=slug_of(link.condition) or None)
        return same.exclude(pk=self.instance.pk).exists()


class LinkAdmin(_Admin):
    """The list and the page of a link. What the checks found is read, not written."""

    rule: LinkRule
    form = LinkForm
    fields = ("source", "url", "title", "condition_label", "topic", "language", "needs_login", "note", *CHECKS)
    readonly_fields = CHECKS
    list_display = ("title", "source_id", "condition__label", "topic", "state", "strikes", "checked_at")
    list_filter = ("state", "needs_login")
    list_select_related = ("condition",)
    search_fields = ("title", "url", "source__source_id", "condition__label", "topic")
    ordering = ("source", "id")

    def get_form(self, request: HttpRequest, obj: models.Link | None = None, *args: Any, **kwargs: Any) -> Any:
        """The form with the rule in it."""
        made = super().get_form(request, obj, *args, **kwargs)
        return type("RuledLinkForm", (made,), {"rule": staticmethod(self.rule)})

    def save_model(self, request: HttpRequest, obj: models.Link, form: Any, change: bool) -> None:
        """Who saved it, and for which condition; another address has not been looked at yet."""
        obj.condition_id = intern_condition(form.cleaned_data["condition_label"])
        obj.by = request.user.get_username()
        if not change:
            obj.added_at = timezone.now()
        if "url" in form.changed_data:
            obj.state, obj.strikes, obj.checked_at = LinkState.UNCHECKED, 0, None
            obj.status = obj.moved_to = ""
        super().save_model(request, obj, form, change)
