"""Collections: whoever keeps them changes them, each view is filtered anew, and nobody's change is lost unsaid."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from collected import AS_CURATOR, BY, CURATOR, NC, ZERO, hold, make_collection, make_image
from dermref.model.asking import ANONYMOUS, Action, Purpose
from dermref.model.collection import Changed, Keeper, Order, Overtaken, Sharing
from dermref.model.decision import Outcome
from dermref.model.deployment import Stopped
from dermref.model.policy import Hold
from dermref.services import collecting
from dermref.services.collecting import (
    NewCollection,
    Search,
    add,
    create,
    describe,
    move,
    remove,
    renew_link,
    sort,
    take_out,
)
from dermref.services.collection_view import (
    attributions_in,
    find_by_link,
    find_collection,
    kept_collections,
    list_collections,
    use_of_all,
    view,
)
from dermref.services.deciding import question_of
from dermref.services.searching import Wanted, shelf_of

pytestmark = pytest.mark.django_db
VISITOR = Keeper("")
ODD = "“A” 'B' {creator} $& <b>bold</b> \u202eevil\u202c 🩺"


def shown(slug: str) -> list[str]:
    record = find_collection(slug, keeper=CURATOR)
    assert record is not None
    return [one.record.foreign_id for one in view(record, shelf_of(ANONYMOUS)).images]


def test_collection_when_made_then_images_stand_in_the_order_named() -> None:
    ids = [make_image(one) for one in "cab"]
    made = create(NewCollection("Three", images=(*ids, ids[0], "isic-archive:none")), keeper=CURATOR, viewer=AS_CURATOR)
    assert (made.images, made.left_out, made.record.slug) == (3, ("isic-archive:none",), "three")
    assert shown("three") == ["c", "a", "b"]


def test_collection_when_an_image_may_not_be_seen_then_it_is_left_out() -> None:
    held, fine = make_image("a"), make_image("b")
    hold(held)
    made = create(NewCollection("Two", images=(held, fine)), keeper=CURATOR, viewer=AS_CURATOR)
    assert (made.images, made.left_out) == (1, (held,))


def test_search_when_kept_then_what_it_finds_comes_in_and_its_words_are_kept() -> None:
    make_image("a", NC), make_image("b", BY), make_image("c", NC)
    found = Search(Wanted(license_id=NC), shelf_of(ANONYMOUS))
    made = create(NewCollection("NC", search=found), keeper=CURATOR, viewer=AS_CURATOR)
    assert shown("nc") == ["a", "c"]
    assert made.record.search == {"license": NC, "may": "view", "purpose": "unspecified"}


def test_search_when_for_a_use_then_only_what_allows_it_comes_in() -> None:
    make_image("a", NC), make_image("b", BY)
    shelf = shelf_of(ANONYMOUS, action=Action.REDISTRIBUTE, purpose=Purpose.COMMERCIAL)
    create(NewCollection("Free", search=Search(Wanted(), shelf)), keeper=CURATOR, viewer=AS_CURATOR)
    assert shown("free") == ["b"]


def test_view_when_a_member_is_held_then_it_is_gone_and_counted_and_comes_back_when_freed() -> None:
    ids = [make_image(one) for one in "abc"]
    record = make_collection("nevi", ids)
    hold(ids[1])
    page = view(record, shelf_of(ANONYMOUS))
    assert [one.record.foreign_id for one in page.images] == ["a", "c"]
    assert (page.shown, page.withheld) == (2, 1)


def test_view_when_every_member_is_withdrawn_then_empty_and_still_there() -> None:
    ids = [make_image(one) for one in "ab"]
    record = make_collection("gone", ids)
    for one in ids:
        hold(one, Hold.WITHDRAWN)
    page = view(record, shelf_of(ANONYMOUS))
    assert (page.images, page.shown, page.withheld, page.next_after) == ((), 0, 2, None)
    assert attributions_in(record, shelf_of(ANONYMOUS)) == ()


def test_view_when_paged_both_ways_then_every_image_once() -> None:
    record = make_collection("many", [make_image(f"i{at}") for at in range(7)])
    shelf = shelf_of(ANONYMOUS)
    first = view(record, shelf, limit=3)
    second = view(record, shelf, after=first.next_after or 0, limit=3)
    third = view(record, shelf, after=second.next_after or 0, limit=3)
    pages = [[one.record.foreign_id for one in page.images] for page in (first, second, third)]
    assert pages == [["i0", "i1", "i2"], ["i3", "i4", "i5"], ["i6"]]
    assert (first.previous_before, third.next_after) == (None, None)
    back = view(record, shelf, before=third.previous_before, limit=3)
    assert back.images == second.images
    assert view(record, shelf, before=back.previous_before, limit=3).previous_before is None


@pytest.mark.parametrize("place", [1, 2, 3, 4, 99])
def test_image_when_moved_then_it_stands_at_that_place_and_the_others_follow(place: int) -> None:
    ids = [make_image(one) for one in "abcd"]
    record = make_collection("moving", ids)
    assert isinstance(move(record, ids[1], place=place, keeper=CURATOR), Changed)
    others = ["a", "c", "d"]
    assert shown("moving") == [*others[: place - 1], "b", *others[place - 1 :]]


def test_image_when_moved_between_the_same_two_again_and_again_then_there_is_always_room() -> None:
    ids = [make_image(one) for one in "abcd"]
    record = make_collection("moving", ids)
    for at in range(60):
        move(record, ids[2 + at % 2], place=2, keeper=CURATOR)
    assert shown("moving") == ["a", "d", "c", "b"]


def test_image_when_it_is_not_in_the_collection_then_it_cannot_be_moved() -> None:
    record, other = make_collection("one", [make_image("a")]), make_image("b")
    with pytest.raises(Stopped, match="cannot be put"):
        move(record, other, place=1, keeper=CURATOR)
    assert shown("one") == ["a"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.TITLE, ["c", "a", "b"]),
        (Order.ID, ["a", "b", "c"]),
        (Order.SOURCE, ["a", "b", "c"]),
        (Order.CONDITION, ["a", "b", "c"]),
    ],
)
def test_collection_when_sorted_then_in_the_order_of_that_field(order: Order, expected: list[str]) -> None:
    titles = {"b": "zebra", "c": "Ant", "a": "bee"}
    record = make_collection("sorted", [make_image(one, title=title) for one, title in titles.items()])
    sort(record, order, keeper=CURATOR)
    assert shown("sorted") == expected


def test_words_when_odd_then_kept_as_they_are() -> None:
    record = make_collection("odd", title=ODD, description=f"{ODD}\nsecond line")
    assert (record.title, record.description) == (ODD, f"{ODD}\nsecond line")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"title": " "}, "needs a title"),
        ({"title": "…"}, "needs a title"),
        ({"title": "x" * 301}, "at most 300"),
        ({"title": "a\x00b"}, "control character"),
        ({"description": "x" * 5001}, "at most 5,000"),
        ({"doi": "10/x"}, "is no DOI"),
        ({"doi": "zenodo.1"}, "is no DOI"),
    ],
)
def test_words_when_unfit_then_one_sentence_and_nothing_changes(words: dict[str, str], said: str) -> None:
    record = make_collection("fit")
    with pytest.raises(Stopped, match=said):
        describe(record, keeper=CURATOR, **words)
    assert find_collection("fit", keeper=CURATOR) == record


@pytest.mark.parametrize("slug", ["Nevi", "a b", "-a", "new", "shared", "a" * 81, "ä", "a--b", "../x"])
def test_name_when_unfit_then_one_sentence(slug: str) -> None:
    with pytest.raises(Stopped, match="is no name"):
        create(NewCollection("T", slug=slug), keeper=CURATOR, viewer=AS_CURATOR)


def test_name_when_taken_then_one_sentence() -> None:
    make_collection("taken")
    with pytest.raises(Stopped, match="already"):
        create(NewCollection("T", slug="taken"), keeper=CURATOR, viewer=AS_CURATOR)


def test_doi_when_written_as_an_address_then_kept_bare() -> None:
    changed = describe(make_collection("doi"), doi="https://doi.org/10.34970/648456", keeper=CURATOR)
    assert changed.record.doi == "10.34970/648456"


def test_two_editors_when_one_was_faster_then_the_other_is_told_and_nothing_is_overwritten() -> None:
    opened = make_collection("both", title="First")
    describe(opened, title="Second", keeper=replace(CURATOR, name="B"), version=opened.version)
    late = describe(opened, title="Third", keeper=CURATOR, version=opened.version)
    assert isinstance(late, Overtaken)
    assert late.text.startswith("B changed this collection on 20")
    assert late.record.title == "Second"
    assert isinstance(describe(late.record, title="Third", keeper=CURATOR, version=late.record.version), Changed)


def test_two_editors_when_both_add_then_both_are_there() -> None:
    opened, ids = make_collection("both"), [make_image(one) for one in "ab"]
    for one in ids:
        add(opened, [one], keeper=CURATOR, viewer=AS_CURATOR)
    assert shown("both") == ["a", "b"]


def test_editors_when_one_took_it_away_then_the_other_is_told() -> None:
    opened = make_collection("away")
    remove(opened, keeper=CURATOR)
    with pytest.raises(Stopped, match="was taken away"):
        describe(opened, title="X", keeper=CURATOR)


def test_editors_when_another_has_its_name_by_now_then_that_one_is_neither_changed_nor_told() -> None:
    record = make_collection("one", [make_image("a")])
    remove(record, keeper=CURATOR)
    other = make_collection("one", title="Private", sharing=Sharing.NOBODY)
    for change in (
        lambda: describe(record, title="x", keeper=CURATOR, version=other.version),
        lambda: add(record, ["isic-archive:a"], keeper=CURATOR, viewer=AS_CURATOR),
    ):
        with pytest.raises(Stopped, match="taken away meanwhile"):
            change()
    assert find_collection("one", keeper=CURATOR) == other


def test_images_when_more_than_fit_then_none_comes_in_and_those_there_count_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "MOST_MEMBERS", 3)
    ids = [make_image(one) for one in "abcd"]
    record = make_collection("full", ids[:2])
    assert add(record, ids[:3], keeper=CURATOR, viewer=AS_CURATOR).images == 1
    with pytest.raises(Stopped, match="at most 3 images; this would be 4"):
        add(record, ids[3:], keeper=CURATOR, viewer=AS_CURATOR)
    assert shown("full") == ["a", "b", "c"]


def test_images_when_taken_out_then_gone_whatever_their_rights() -> None:
    ids = [make_image(one) for one in "ab"]
    record = make_collection("out", ids)
    hold(ids[0])
    changed = take_out(record, [ids[0], "isic-archive:none"], keeper=CURATOR)
    assert (changed.images, changed.left_out, changed.record.images) == (1, ("isic-archive:none",), 1)


def test_member_when_it_is_theirs_then_they_change_it_and_nobody_else_does() -> None:
    user = User.objects.create(username="m@example.org")
    keeper, other = Keeper("m@example.org", user.pk), Keeper("n@example.org", user.pk + 1)
    record = create(NewCollection("Mine"), keeper=keeper, viewer=ANONYMOUS).record
    assert isinstance(describe(record, title="Mine too", keeper=keeper), Changed)
    for stranger in (other, VISITOR):
        assert find_collection("mine", keeper=stranger) is None
        with pytest.raises(Stopped, match="Only who made"):
            describe(record, title="X", keeper=stranger)
    with pytest.raises(Stopped, match="Only a curator"):
        describe(record, sharing=Sharing.EVERYBODY, keeper=keeper)
    assert [one.slug for one in list_collections(keeper)] == ["mine"]
    assert list_collections(other) == ()


def test_link_when_shared_then_it_opens_and_an_earlier_one_does_not() -> None:
    record = make_collection("linked", sharing=Sharing.LINK)
    assert find_collection("linked", keeper=VISITOR) is None
    assert find_by_link(record.key) == record
    later = renew_link(record, keeper=CURATOR).record
    assert (find_by_link(record.key), find_by_link(later.key)) == (None, later)
    private = describe(later, sharing=Sharing.NOBODY, keeper=CURATOR).record
    assert find_by_link(private.key) is None
    again = describe(private, sharing=Sharing.LINK, keeper=CURATOR).record
    assert (find_by_link(later.key), find_by_link(again.key)) == (None, again)


def test_decision_when_some_forbid_then_they_are_named_and_numbered() -> None:
    ids = [make_image("a", NC), make_image("b", BY), make_image("c", NC)]
    record = make_collection("set", ids)
    question = question_of(Action.REDISTRIBUTE, viewer=ANONYMOUS, purpose=Purpose.COMMERCIAL)
    use = use_of_all(record, question)
    assert use is not None
    assert use.decision.outcome is Outcome.ASK
    assert [cause.members for cause in use.decision.causes] == [(ids[0], ids[2])]
    assert use.numbers == (2,)
    short = use_of_all(record, question, names=1)
    assert short is not None
    assert ([cause.members for cause in short.decision.causes], short.numbers) == ([(ids[0],)], (2,))


def test_decision_when_all_allow_then_duties_are_joined() -> None:
    record = make_collection("free", [make_image("a", ZERO), make_image("b", BY)])
    use = use_of_all(record, question_of(Action.PRESENT, viewer=ANONYMOUS))
    assert use is not None
    assert use.decision.outcome is Outcome.ALLOW_WITH_DUTIES
    assert use.decision.causes == ()


def test_decision_when_there_is_nothing_to_know_of_then_none() -> None:
    assert use_of_all(make_collection("empty"), question_of(Action.VIEW, viewer=ANONYMOUS)) is None


def test_attributions_when_many_then_by_images_then_name_and_anonymous_last() -> None:
    people = [
        ("a", "Zoo"),
        ("b", "Anonymous"),
        ("c", "Anonymous"),
        ("d", "Clinic, Dept. {x}"),
        ("e", "Zoo"),
        ("f", "Ärzte"),
    ]
    ids = [make_image(one, ZERO if one == "a" else BY, contributor=name) for one, name in people]
    found = attributions_in(make_collection("people", ids), shelf_of(ANONYMOUS))
    assert [(one.name, one.images) for one in found] == [
        ("Zoo", 2),
        ("Clinic, Dept. {x}", 1),
        ("Ärzte", 1),
        ("Anonymous", 2),
    ]
    assert found[0].licenses == ("CC BY 4.0", "CC0 1.0")


def test_collection_when_too_many_images_are_named_then_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [make_image(one) for one in "abc"]
    monkeypatch.setattr("dermref.services.collecting.MOST_MEMBERS", 2)
    with pytest.raises(Stopped, match="at most 2 images; these are 3"):
        create(NewCollection("Three", images=tuple(ids)), keeper=CURATOR, viewer=AS_CURATOR)
    assert list_collections(CURATOR) == ()


def test_kept_when_listed_then_ones_own_and_all_of_them_for_a_curator() -> None:
    user = User.objects.create(username="m@example.org")
    mine = Keeper("m@example.org", user.pk)
    create(NewCollection("Mine"), keeper=mine, viewer=ANONYMOUS)
    make_collection("theirs")
    assert kept_collections(mine) == (("mine", "Mine"),)
    assert [slug for slug, _ in kept_collections(CURATOR)] == ["theirs", "mine"]
    assert kept_collections(VISITOR) == ()
