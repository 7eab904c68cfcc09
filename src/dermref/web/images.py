"""The pages of images: browse, and one image or why it is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from dermref.credit.attribution import INCOMPLETE
from dermref.model.asking import Action, Purpose, Viewer
from dermref.model.policy import Hold
from dermref.services.attributing import plain_of
from dermref.services.citing import citable_image
from dermref.services.deciding import answers_for, question_of
from dermref.services.in_writing import written_for
from dermref.services.searching import Choices, Found, Wanted, choices, conditions, search, shelf_of
from dermref.services.serving import Missing, Refused, Shown, elsewhere, is_changeable, show
from dermref.services.viewing import keeper_of_request, viewer_of_request
from dermref.web.asked import AI, purpose_of, query_string, use_of, wanted_of, wants_ai
from dermref.web.citing import citations_of, image_citation_path, images_citation_path
from dermref.web.credit_panel import STYLE, CreditPanel, attribution_of_many, attribution_of_one, panel_of
from dermref.web.keeping import own_collections
from dermref.web.picture import credited_file, facts_of, full_picture, heading, stored_file, tiles_of
from dermref.web.see_also import for_condition, label_in
from dermref.web.status import Answer, answer_to, page
from dermref.web.told import UNLISTED_PAGE, of_image
from dermref.web.uses import AI_PURPOSES, FOR_AI, LISTED, NAMES, PURPOSES, SELDOM, UseGroup, columns_of, uses_of


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the list, under its name in the address."""

    name: str
    label: str
    options: tuple[Option, ...]


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """All images that the viewer may see, or those the filters leave."""
    return browse_page(request, condition=None)


def browse_page(request: HttpRequest, *, condition: str | None) -> HttpResponse:
    """The list; with `condition`, a slug, of that condition alone. Raises Http404, or BadRequest with one sentence."""
    use, purpose, viewer = use_of(request), purpose_of(request), viewer_of_request(request)
    everything = shelf_of(viewer)  # filters offer what there is, also where the use asked for leaves nothing
    offered, named = choices(everything), conditions(everything)
    query, links = request.GET.copy(), for_condition(condition, viewer=viewer)
    has_images = condition is None or condition in {slug for slug, _, _ in named}
    if condition is not None:
        if not has_images and not links:
            raise Http404
        named += [] if has_images else [(condition, label_in(links) or condition, 0)]
        query["condition"] = condition
    wanted = wanted_of(
        query,
        conditions=frozenset(slug for slug, _, _ in named),
        licenses=frozenset(license_id for license_id, _, _ in offered.licenses),
        modalities=frozenset(offered.modalities),
    )
    found = search(wanted, shelf_of(viewer, action=use, purpose=purpose))
    context = {
        "section": "conditions" if condition else "images",
        "condition": next((label for slug, label, _ in named if slug == condition), None),
        "has_images": has_images,
        "see_also": links,
        "count": count_text(found),
        "is_filtered": bool(query_string(query)),
        "keep_query": query_string(query, keep="search") if found.count else None,
        "panel": _panel_of_list(found.images, request.GET),
        "tiles": tiles_of(found.images, viewer=viewer),
        "filters": (
            *_filters(wanted, offered, [(slug, label) for slug, label, _ in named]),
            *_use_filters(use, purpose),
        ),
        **_neighbours(query, found, wanted),
    }
    return page(request, "browse.html", context)


@require_safe
def image(request: HttpRequest, public_id: str) -> HttpResponse:
    """One image with its credit, evidence and uses; or the refusal, drawn; or that there is none."""
    purpose, is_about_ai, viewer = purpose_of(request), wants_ai(request), viewer_of_request(request)
    verdict = _for_purpose(public_id, viewer, purpose)
    answer = answer_to(verdict)
    if answer is Answer.MISSING or isinstance(verdict, Missing):
        return page(request, "missing.html", {"asked_for": public_id}, answer=Answer.MISSING)
    if isinstance(verdict, Refused):
        named = {"is_withdrawn": Hold.WITHDRAWN, "is_held": Hold.CONFLICT, "is_purged": Hold.PURGED}
        holds = {name: _is_held(verdict, hold) for name, hold in named.items()}
        context = {
            "section": "images",
            "refused": verdict,
            "next": request.get_full_path(),
            "purposes": _opening(public_id, viewer),
            "told": UNLISTED_PAGE,
            "is_uncredited": any(reason.code == INCOMPLETE for reason in verdict.decision.reasons),
            **holds,
        }
        return UNLISTED_PAGE.on(page(request, "refused.html", context, answer=answer))
    uses = _ai_uses(verdict, viewer) if is_about_ai else _uses(verdict, purpose, viewer)
    switch, told = _switch(None if is_about_ai else purpose), of_image(request, verdict)
    own = {"own_collections": own_collections(keeper_of_request(request))}
    panel = _panel_of_image(verdict, request.GET)
    context = {**_facts(verdict, viewer), **uses, **own, "switch": switch, "told": told, "panel": panel}
    return told.on(page(request, "image.html", context, answer=answer))


def _panel_of_list(images: Sequence[Shown], query: QueryDict) -> CreditPanel:
    path = images_citation_path([one.record.public_id for one in images])
    citations = citations_of([citable_image(one) for one in images], query.get(STYLE, ""), path=path)
    return panel_of(
        attribution_of_many({one.record.public_id: one.credit for one in images}),
        query,
        citations=citations,
        has_several=True,
    )


def _panel_of_image(shown: Shown, query: QueryDict) -> CreditPanel:
    path = image_citation_path(shown.record.public_id)
    citations = citations_of([citable_image(shown)], query.get(STYLE, ""), path=path)
    return panel_of(attribution_of_one(shown.credit, plain_of(shown)), query, citations=citations)


def _for_purpose(public_id: str, viewer: Viewer, purpose: Purpose) -> Shown | Refused | Missing:
    """The verdict without a purpose, and for the one that was named only where it takes one: naming a purpose asks what
    may be done, and hides nothing that may be looked at anyway."""
    verdict = show(public_id, viewer=viewer)
    if not isinstance(verdict, Refused) or purpose is Purpose.UNSPECIFIED:
        return verdict
    return show(public_id, viewer=viewer, purpose=purpose)


def _opening(public_id: str, viewer: Viewer) -> list[Option]:
    """The purposes for which an image is shown that is not shown without one."""
    shown = [one for one in PURPOSES if isinstance(show(public_id, viewer=viewer, purpose=one), Shown)]
    return [Option(f"?purpose={one}", PURPOSES[one], False) for one in shown]


def count_text(found: Found) -> str:
    """The number of results, “1,000+” where counting stops."""
    return f"{found.count - 1:,}+" if found.is_count_capped else f"{found.count:,}"


def _filters(wanted: Wanted, offered: Choices, named: list[tuple[str, str]]) -> tuple[Filter, ...]:
    sources = [(source_id, name) for source_id, name, _ in offered.sources]
    licenses = [(license_id, short) for license_id, short, _ in offered.licenses]
    modalities = [(one, one.replace("-", " ")) for one in offered.modalities]
    return (
        Filter("source", "Source", _options(sources, wanted.source_id)),
        Filter("license", "License", _options(licenses, wanted.license_id)),
        Filter("modality", "Modality", _options(modalities, wanted.modality)),
        Filter("condition", "Condition", _options(named, wanted.condition)),
    )


def _use_filters(use: Action, purpose: Purpose) -> tuple[Filter, ...]:
    """What one wants to do with the images, and what for; the plainest of each is what no filter means."""
    uses = [(action.value, NAMES[action]) for action in LISTED]
    purposes = [(one.value, name) for one, name in PURPOSES.items() if one is not Purpose.UNSPECIFIED]
    return (
        Filter("may", "I want to", _options(uses, use if use is not Action.VIEW else None)),
        Filter("purpose", "For", _options(purposes, purpose if purpose is not Purpose.UNSPECIFIED else None)),
    )


def _facts(shown: Shown, viewer: Viewer) -> dict[str, object]:
    return {
        "section": "images",
        "shown": shown,
        "heading": heading(shown),
        "picture": full_picture(shown, is_resized=is_changeable(shown, viewer=viewer)),
        "file_url": stored_file(shown, viewer=viewer),
        "copy_url": credited_file(shown, viewer=viewer),
        "in_writing": written_for(shown.record, viewer=viewer),
        "metadata": facts_of(shown.record.metadata),
        "see_also": for_condition(shown.record.condition_slug, viewer=viewer),
        "elsewhere": elsewhere([shown.record], viewer=viewer).get(shown.record.row_id, ()),
    }


def _uses(shown: Shown, purpose: Purpose, viewer: Viewer) -> dict[str, object]:
    """What may be done with it for one purpose: the usual uses in groups, the others one step away."""
    question = question_of(Action.VIEW, viewer=viewer, purpose=purpose)
    decisions = answers_for(shown.record, question)
    return {"columns": columns_of(decisions), "seldom": uses_of(decisions, SELDOM)}


def _ai_uses(shown: Shown, viewer: Viewer) -> dict[str, object]:
    """What AI work may do with it, for research and for commercial use side by side."""
    columns = []
    for purpose, label in AI_PURPOSES.items():
        question = question_of(Action.TRAIN, viewer=viewer, purpose=purpose)
        columns.append([UseGroup(label, uses_of(answers_for(shown.record, question, FOR_AI), FOR_AI))])
    return {"columns": columns, "is_about_ai": True}


def _switch(chosen: Purpose | None) -> list[Option]:
    """The purposes to choose from, each with its query; none is chosen where the AI uses are."""
    purposes = [Option(f"?purpose={one}", label, one is chosen) for one, label in PURPOSES.items()]
    return [*purposes, Option(f"?focus={AI}", "AI training", chosen is None)]


def _is_held(refused: Refused, hold: Hold) -> bool:
    return any(reason.code == f"hold-{hold}" for reason in refused.decision.reasons)


def _options(pairs: list[tuple[str, str]], chosen: str | None) -> tuple[Option, ...]:
    known = {value for value, _ in pairs}
    extra = [(chosen, chosen)] if chosen and chosen not in known else []
    return tuple(Option(value, label, value == chosen) for value, label in [*pairs, *extra])


def _neighbours(query: QueryDict, found: Found, wanted: Wanted) -> dict[str, str | None]:
    """Queries of the first page and of the pages around this one; None where there is none."""
    is_inside = wanted.after > 0 or wanted.before is not None
    before, after = found.previous_before, found.next_after
    return {
        "first_query": query_string(query) if is_inside else None,
        "previous_query": query_string(query, before=before) if before is not None else None,
        "next_query": query_string(query, after=after) if after is not None else None,
    }
