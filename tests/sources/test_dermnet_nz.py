"""DermNet's topics: the marked variant of each picture or none, and no page taken for empty that is not understood."""

import json
from pathlib import Path

import pytest

from dermref.model.deployment import Stopped
from dermref.model.evidence import Document, FileRef, Harvested, Refusal
from dermref.model.harvest import BadCursor, FetchFailed, HarvestRequest, Page
from dermref.registry.load import load_source
from dermref.sources import dermnet_nz
from dermref.sources.fetch import HttpFetch
from mirror import SOURCES, Mirror
from mirrored import fetch, judged, mirror_of, verdict_on

__all__ = ["fetch"]

SOURCE = load_source("dermnet-nz")
FOLDER = SOURCES / "dermnet-nz"
SITE = "https://dermnetnz.org"
LICE = "head-lice/Uploads/arthropods/head-lice-01"
MARKED = "__WatermarkedWyJXYXRlcm1hcmtlZCJd"
LISTING = f"{SITE}/image-library/imagesJson"


mirror = mirror_of("dermnet-nz")


def harvest(fetch: HttpFetch, **asked: str) -> list[Page]:
    return list(dermnet_nz.harvest(HarvestRequest(SOURCE, **asked), fetch))


def ids(pages: list[Page]) -> list[str]:
    return [item.foreign_id for page in pages for item in page.items]


def body(name: str, *, old: str = "", new: str = "") -> bytes:
    page = (FOLDER / f"RECONSTRUCTED_{name}.html").read_bytes()
    assert old.encode() in page
    return page.replace(old.encode(), new.encode())


def read(name: str, key: str, *, old: str = "", new: str = "") -> Harvested:
    url = f"{SITE}/topics/{name}#Uploads/{key}"
    return dermnet_nz.read(Document(body(name, old=old, new=new), url, "text/html"), SOURCE)


def lice(path: str) -> Harvested:
    """The second louse, were this its only address."""
    return read(
        "head-lice",
        "arthropods/head-lice-02",
        old=f"{SITE}/assets/Uploads/arthropods/head-lice-02{MARKED}.jpg",
        new=path,
    )


def verdict(item: Harvested) -> str:
    return verdict_on(SOURCE, item)


def test_picture_when_shown_cropped_and_linked_with_the_mark_then_one_item_of_the_topic() -> None:
    item = read("head-lice", "arthropods/head-lice-01")
    assert (item.foreign_id, item.landing_url) == (LICE, f"{SITE}/topics/head-lice")
    assert item.file == FileRef(f"{SITE}/assets/Uploads/arthropods/head-lice-01{MARKED}.jpg")
    assert (item.depiction.condition, item.depiction.title) == ("Head lice", "Head louse")
    assert (item.statements, item.creator, item.faults, item.doubts) == ((), None, (), ())
    assert verdict(item) == SOURCE.terms.license_expression


def test_topic_when_harvested_then_neither_ornament_nor_other_topic_is_a_picture(fetch: HttpFetch) -> None:
    (page,) = harvest(fetch, query="head-lice")
    assert ids([page]) == [LICE, f"{LICE[:-1]}2"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/assets/Uploads/arthropods/head-lice-02.jpg", "unwatermarked"),
        ("/assets/Uploads/arthropods/head-lice-02__FillWzEyMDAsNjI4XQ.jpg", "cropped"),
        (f"/assets/Uploads/arthropods/head-lice-02{MARKED}_ScaleWidthWzYwMF0.jpg", "cropped"),
        ("/assets/Uploads/arthropods/head-lice-02__ScaleWidthWzYwMF0_WatermarkedWyJXYXRlcm1hcmtlZCJd.jpg", "cropped"),
        ("/assets/Uploads/arthropods/head-lice-02__ProtectWyJQcm90ZWN0Il0.jpg", "unknown-operation"),
        ("/assets/Uploads/arthropods/head-lice-02__WatermarkedWzFd.jpg", "unknown-operation"),
        (f"/assets/Uploads/arthropods/head-lice-02{MARKED}_WatermarkedWyJXYXRlcm1hcmtlZCJd.jpg", "unknown-operation"),
        (f"/assets/Uploads/arthropods/head-lice-02{MARKED}__.jpg", "unknown-operation"),
        (f"/assets/Uploads/arthropods/head-lice-02{MARKED}.jpg?width=200", "unknown-operation"),
        (f"https://dermnetnz.org.example/assets/Uploads/arthropods/head-lice-02{MARKED}.jpg", "foreign-host"),
        (f"//www.dermnetnz.org/assets/Uploads/arthropods/head-lice-02{MARKED}.jpg", "foreign-host"),
        (f"/elsewhere/Uploads/arthropods/head-lice-02{MARKED}.jpg", "no-picture"),
        (f"/assets/Uploads/arthropods/head-lice-02{MARKED}.svg", "no-picture"),
    ],
)
def test_picture_when_no_variant_is_the_marked_whole_then_no_file_and_the_reason(path: str, code: str) -> None:
    item = lice(path)
    assert (item.file, item.faults[0].code, verdict(item)) == (None, code, code)


def test_file_when_taken_then_its_address_stands_on_the_page(fetch: HttpFetch) -> None:
    for page in harvest(fetch):
        for item in page.items:
            path = item.file.url.removeprefix(SITE).encode() if item.file else b""
            assert path in item.document.body


def test_name_when_no_id_can_have_it_then_kept_out_under_one_made_of_it() -> None:
    found = read("head-lice", "arthropods/head lice", old="head-lice-02__", new="head%20lice__")
    assert [one.code for one in found.faults] == ["bad-id"]
    assert found.foreign_id.startswith("head-lice/malformed-")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Nits. © DermNet NZ", "LicenseRef-dermnet-nz"),
        ("Nits. © A. Example", "third-party-credit"),
        ("Nits. Courtesy of Dr Example / © DermNet", "third-party-credit"),
    ],
)
def test_credit_when_not_the_sites_own_then_refused(said: str, outcome: str) -> None:
    item = read("head-lice", "arthropods/head-lice-02", old="Nits on hair. © DermNet", new=said)
    assert outcome in verdict(item)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<h1>Head lice</h1>", ""),
        ("</html>", ""),
        ('<link rel="canonical" href="https://dermnetnz.org/topics/head-lice">', ""),
        ('href="https://dermnetnz.org/topics/head-lice"', 'href="https://dermnetnz.org/topics/lice"'),
        ('href="https://dermnetnz.org/topics/head-lice"', 'href="https://dermnetnz.org/"'),
        ('href="https://dermnetnz.org/topics/head-lice"', 'href="https://dermnet.example/topics/head-lice"'),
    ],
)
def test_page_when_it_is_no_longer_as_expected_then_it_is_missed_and_nothing_withdrawn(
    mirror: Mirror, fetch: HttpFetch, old: str, new: str
) -> None:
    mirror.put(f"{SITE}/topics/head-lice", body("head-lice", old=old, new=new))
    (page,) = harvest(fetch, query="head-lice")
    assert [one.refusal.code for one in page.missed] == ["page-not-understood"]
    with pytest.raises(FetchFailed, match="page"):
        dermnet_nz.ask_again(LICE, HarvestRequest(SOURCE), fetch)


@pytest.mark.parametrize("name", ["session", "text-only"])
def test_page_when_it_shows_no_picture_at_all_then_that_is_no_proof_of_anything(
    mirror: Mirror, fetch: HttpFetch, name: str
) -> None:
    mirror.put(f"{SITE}/topics/head-lice", body(name).replace(b"/topics/text-only", b"/topics/head-lice"))
    with pytest.raises(FetchFailed) as caught:
        dermnet_nz.ask_again(LICE, HarvestRequest(SOURCE), fetch)
    assert caught.value.code in ("page-not-understood", "no-pictures")


def test_picture_when_gone_from_its_page_or_with_it_then_none(mirror: Mirror, fetch: HttpFetch) -> None:
    assert dermnet_nz.ask_again("gone/Uploads/a-1", HarvestRequest(SOURCE), fetch) is None
    mirror.put(f"{SITE}/topics/head-lice", body("head-lice", old="head-lice-01", new="head-lice-03"))
    assert dermnet_nz.ask_again(LICE, HarvestRequest(SOURCE), fetch) is None


def test_picture_when_its_page_is_another_topics_now_then_nothing_is_withdrawn(
    mirror: Mirror, fetch: HttpFetch
) -> None:
    mirror.put(f"{SITE}/topics/head-lice", b"", status=301)
    mirror.routes[-1].reply.headers["Location"] = f"{SITE}/topics/lice"
    mirror.put(f"{SITE}/topics/lice", body("head-lice").replace(b"/topics/head-lice", b"/topics/lice"))
    with pytest.raises(FetchFailed, match="another topic"):
        dermnet_nz.ask_again(LICE, HarvestRequest(SOURCE), fetch)


@pytest.mark.parametrize("foreign_id", ["", "/a", "../a/b", "A B/c"])
def test_picture_when_its_id_names_no_topic_then_not_asked_for(fetch: HttpFetch, foreign_id: str) -> None:
    with pytest.raises(FetchFailed, match="not an id"):
        dermnet_nz.ask_again(foreign_id, HarvestRequest(SOURCE), fetch)


def test_topics_when_named_in_any_way_then_each_is_asked_for_once(fetch: HttpFetch) -> None:
    named = f"head-lice, /topics/head-lice; {SITE}/topics/head-lice?stage=Live\n/images/psoriasis-images"
    pages = harvest(fetch, query=named)
    assert [one.partition("/")[0] for one in ids(pages)] == ["head-lice"] * 2 + ["psoriasis-images"] * 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"query": "head lice"}, "no topic of this source"),
        ({"query": "acne,,"}, "no topic of this source"),
        ({"query": "https://dermnetnz.org.example/topics/acne"}, "no topic of this source"),
        ({"query": "/topics/../image-library"}, "no topic of this source"),
        ({"query": "http://[/topics/acne"}, "no topic of this source"),
        ({"since": "2026-01-01"}, "by date"),
    ],
)
def test_harvest_when_asked_for_what_the_library_has_not_then_one_sentence(
    fetch: HttpFetch, asked: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Stopped, match=sentence):
        harvest(fetch, **asked)


ENTRY = {"name": "Acne images", "page_name": "Acne", "url": "/topics/acne-face-images", "thumbnail": ""}
LISTINGS = (b"", b"<html>", b"{}", b"[]", b"[1]", b'["/topics/a"]', json.dumps([ENTRY, {"name": "x"}]).encode(),
            json.dumps([{**ENTRY, "url": None}]).encode(), json.dumps({"images": [ENTRY]}).encode())  # fmt: skip


@pytest.mark.parametrize("listing", LISTINGS)
def test_listing_when_of_another_shape_then_stopped(mirror: Mirror, fetch: HttpFetch, listing: bytes) -> None:
    mirror.put(LISTING, listing, media_type="application/json")
    with pytest.raises(Stopped, match="not what it was"):
        harvest(fetch)


def test_site_when_ten_topics_in_a_row_show_no_picture_then_stopped(mirror: Mirror, fetch: HttpFetch) -> None:
    for number in range(12):
        page = body("text-only").replace(b"/topics/text-only", f"/topics/t-{number}".encode())
        mirror.put(f"{SITE}/topics/t-{number}", page)
    with pytest.raises(Stopped, match="10 items in a row"):
        harvest(fetch, query=", ".join(f"t-{number}" for number in range(12)))


def test_topic_when_it_leads_to_another_host_then_missed(mirror: Mirror, fetch: HttpFetch) -> None:
    mirror.put(f"{SITE}/topics/head-lice", b"", status=302)
    mirror.routes[-1].reply.headers["Location"] = "https://shop.example/topics/head-lice"
    mirror.put("https://shop.example/topics/head-lice", body("head-lice"))
    (page,) = harvest(fetch, query="head-lice")
    assert [one.refusal.code for one in page.missed] == ["page-not-understood"]


def test_cursor_when_no_topic_of_the_listing_then_refused(fetch: HttpFetch) -> None:
    with pytest.raises(BadCursor):
        harvest(fetch, cursor=f"{SITE}/topics/nowhere")


def test_recorded_pages_when_harvested_then_their_pictures_with_the_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "head lice #1.html").write_bytes(body("head-lice"))
    (tmp_path / "session.html").write_bytes(body("session"))
    [page] = dermnet_nz.harvest(HarvestRequest(SOURCE, folder=tmp_path), None)  # type: ignore[arg-type]  # not fetched
    assert [item.foreign_id for item in page.items] == [LICE, f"{LICE[:-1]}2"]
    assert page.items[0].file
    assert page.items[0].file.path == tmp_path / "files" / f"head-lice-01{MARKED}.jpg"
    assert [one.foreign_id for one in page.missed] == ["session.html"]


def test_license_when_the_page_links_a_freer_one_then_the_sources_stays(mirror: Mirror) -> None:
    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    item = read(
        "licensed-page",
        "licensed-1",
        old='<a rel="license" href="https://creativecommons.org/licenses/by-nc-nd/3.0/nz/">',
        new=link,
    )
    assert not isinstance(judged(SOURCE, item), Refusal)
    assert verdict(item) == SOURCE.terms.license_expression
