"""Who is credited beside a picture, in all four libraries of pages alike: whoever is named waits for a curator at
least, and plain descriptions do not."""

import time
from collections.abc import Callable, Mapping

import pytest

from dermref.model.evidence import Document, Harvested
from dermref.registry.load import load_source
from dermref.sources import atlas_dermatologico, dermnet_nz, jdd_project_atlas, unm_inclusive_dermatology
from dermref.sources.shown_credit import credit_on_page, credited_in

MARKED = "__WatermarkedWyJXYXRlcm1hcmtlZCJd.jpg"
Reader = Callable[[str], Harvested]  # of the body of a page, in which {a} and {b} are pictures; what is said of {a}


def page(html: str, first: str, second: str, *, head: str = "", name: str = "<h1>Acne</h1>") -> bytes:
    shown = html.replace("{a}", first).replace("{b}", second)
    return f"<html><head>{head}</head><body><main>{name}{shown}</main></body></html>".encode()


def dermnet(html: str) -> Harvested:
    url = "https://dermnetnz.org/topics/acne"
    images = (f'<img src="/assets/Uploads/{one}{MARKED}" alt="">' for one in "ab")
    body = page(html, *images, head=f'<link rel="canonical" href="{url}">')
    return dermnet_nz.read(Document(body, f"{url}#Uploads/a", "text/html"), load_source("dermnet-nz"))


def jdd(html: str) -> Harvested:
    images = (f'<img src="https://cms.sanovaworks.com/{one}.jpg" alt="">' for one in "ab")
    url = "https://jddonline.com/project-atlas/inclusive-derm/acne#a"
    return jdd_project_atlas.read(Document(page(html, *images), url, "text/html"), load_source("jdd-project-atlas"))


def atlas(html: str) -> Harvested:
    images = (f'<a class="thumbWrapper" href="/img?imageId={one}"><img src="x"></a>' for one in "12")
    body = page(html, *images, name='<h1><span class="capitalized">acne</span></h1>')
    url = "https://www.atlasdermatologico.com.br/disease.jsf?diseaseId=3#1"
    return atlas_dermatologico.read(Document(body, url, "text/html"), load_source("atlas-dermatologico"))


def unm(html: str) -> Harvested:
    place = "/medicine/departments/dermatology/"
    images = (f'<img src="{place}_images/skin-atlas/acne/acne-type-{one}.jpg" alt="">' for one in ("i", "ii"))
    url = f"https://hsc.unm.edu{place}inclusive-dermatology/acne.html#acne/acne-type-i"
    source = load_source("unm-inclusive-dermatology")
    return unm_inclusive_dermatology.read(Document(page(html, *images), url, "text/html"), source)


READERS: Mapping[str, Reader] = {"dermnet": dermnet, "jdd": jdd, "atlas": atlas, "unm": unm}
NAMING = [
    "Contributor: Jane Doe", "Photographer Jane Doe", "Taken by Jane Doe", "Author: Jane Doe", "By Jane Doe",
    "Property of Jane Doe", "Used under license from Springer", "Reproduced from JAAD",
    "With thanks to Marius Rademaker",
    "Owner: Waikato", "Rights: Ian McColl", "From: Science Source", "Image from the collection of Ian McColl",
    "© DermNet. Jane Doe", "Sourced from DermNet. Waikato Hospital", "Dr. Ana Lima", "Fotógrafo: Ana", "Autor: Ana",
    "Autoria: Ana Lima", "Acervo de Ana Lima", "Arquivo pessoal de Ana Lima", "Imagem de Ana Lima",
    "Direitos reservados a Ana Lima", "Jane Doe", "Ana da Silva", "J. Doe", "Doe, J.", "Plaques. Waikato Hospital",
    "Wikimedia Commons", "Alamy", "Elsevier", "Acne (by Jane Doe)", "CC BY-SA 3.0", "https://a.example/b",
]  # fmt: skip
PLAIN = [
    "", "Plaques on the elbow", "Acne on the face of a teenager", "Acne, type II", "Acne On The Face",
    "ACNE OF THE BACK",
    "Close-up view of a papule", "Patient after 12 weeks of isotretinoin",
    "Severe acne with scars, left cheek. Pustules.", "Fitzpatrick Skin Type IV", "Acné no rosto",
    "Lesões no dorso da mão",
    "Erythematous papules caused by Demodex", "Figure 2. Acne of the chin",
]  # fmt: skip
SECOND_ROW = [
    "Wikimedia Commons, CC BY-SA 3.0", "Alamy", "Dr Ian McColl", "Reprinted from Smith 2010", "Source: WHO",
    "Foto: Juan",
]  # fmt: skip


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]


@pytest.mark.parametrize("caption", NAMING)
def test_caption_when_it_names_anybody_then_the_picture_is_not_published_unseen(reader: Reader, caption: str) -> None:
    item = reader(f"<figure>{{a}}<figcaption>{caption}</figcaption></figure><figure>{{b}}</figure>")
    codes = {one.code for one in (*item.faults, *item.doubts)}
    assert codes
    assert codes <= {"third-party-credit", "rights-in-caption", "credit-unclear"}


@pytest.mark.parametrize("caption", PLAIN)
def test_caption_when_it_describes_what_is_shown_then_nothing_is_against_it(reader: Reader, caption: str) -> None:
    item = reader(f"<figure>{{a}}<figcaption>{caption}</figcaption></figure><figure>{{b}}</figure>")
    assert (item.faults, item.doubts) == ((), ())


@pytest.mark.parametrize("caption", SECOND_ROW)
def test_caption_when_in_the_second_row_of_a_table_then_it_counts(reader: Reader, caption: str) -> None:
    cells = f"<td>Acne of the face</td><td>{caption}</td>"
    item = reader(f"<table><tr><td>{{a}}</td><td>{{b}}</td></tr><tr>{cells}</tr></table>")
    plain = reader("<table><tr><td>{a}</td><td>{b}</td></tr><tr><td>Acne of the face</td><td>Acne</td></tr></table>")
    assert [one.code for one in item.doubts] == ["rights-on-page"]
    assert (plain.faults, plain.doubts) == ((), ())


@pytest.mark.parametrize(
    "html",
    [
        "<section><figure>{a}</figure><footer>Photo by Jane Doe. © Elsevier</footer></section>",
        "<div><div><div><div>{a}</div></div></div></div><aside>Photo by Jane Doe</aside>",
        "<div>{a}{b}</div><aside><p>Photographs by Jane Doe</p></aside>",
        "<div>{a}{b}</div><div><footer>Photographs: Jane Doe</footer></div>",
        "<header>Photo by Jane Doe</header><div>{a}{b}</div>",
        "<div>{a}{b}</div><nav>Photo by Jane Doe</nav>",
    ],
)
def test_credit_when_in_a_footer_or_aside_of_the_topic_itself_then_it_counts(reader: Reader, html: str) -> None:
    item = reader(html)
    assert item.faults or item.doubts


def test_credit_when_in_the_sites_own_frame_then_it_says_nothing_of_pictures(reader: Reader) -> None:
    frame = "</main><{0}>© 2026 Example Ltd. Photo by Jane Doe</{0}><main>"
    item = reader("".join(frame.format(one) for one in ("header", "nav", "footer")) + "<div>{a}{b}</div>")
    assert (item.faults, item.doubts) == ((), ())


def test_names_when_the_heading_or_the_title_has_their_words_then_they_are_no_persons() -> None:
    assert credited_in(["Plaque Psoriasis Vulgaris"], known=["Psoriasis vulgaris"]) == (None, ())
    _, doubts = credited_in(["Psoriasis Jane Vulgaris Doe"], known=["Psoriasis vulgaris"])
    assert [one.code for one in doubts] == ["credit-unclear"]
    assert credited_in(["Plaque Psoriasis"]) == (None, ())


def test_text_when_longer_than_a_caption_then_only_what_is_said_of_pictures_counts() -> None:
    about = "It was told of by Dr A. Example, Example University, and is licensed for adults. " * 5
    assert credit_on_page(about) == ""
    assert "Photographs: B. Example" in credit_on_page(f"{about} Photographs: B. Example")
    assert credit_on_page(f"{'x ' * 30_000}© X")


@pytest.mark.parametrize(
    "piece", ["Ana da ", "A. ", "by ", "from the ", "collection of ", "Dr ", "imagem ", "(", "A, "]
)
def test_text_when_endless_then_judged_in_bounded_time(piece: str) -> None:
    began = time.process_time()
    credited_in([piece * 7_000], known=[piece * 7_000])
    credit_on_page(piece * 60_000)
    assert time.process_time() - began < 20
