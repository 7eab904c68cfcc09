"""The citation of an image, a set or a source: its reference, and every attribution that has to go with it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import chain

from dermref.credit.citable import Attributed, Citable, Work, most_images_first
from dermref.credit.references import Reference, reference
from dermref.credit.styles import Style
from dermref.credit.templates import sorts_by_name
from dermref.credit.words import in_line
from dermref.credit.writing import is_web_address


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, or a list of several, in both forms and in the style of this key. `attribution` is what of it is
    attribution, one line for each thing cited; empty where nothing has to be attributed."""

    style: str
    text: str
    html: str
    attribution: str


def cite(citable: Citable, style: Style) -> Cited:
    """The citation of one thing: no style's list is numbered for it."""
    return _joined(reference(citable, style), citable, style)


def cite_all(citables: Iterable[Citable], style: Style) -> Cited:
    """The citations of several things, each once: in the style's order, and numbered as the style numbers its list."""
    listed = list({(one.work, one.identifier, one.version): one for one in citables}.values())
    if len(listed) == 1:
        return cite(listed[0], style)
    if sorts_by_name(style):
        listed.sort(key=_by_name)
    references = [reference(one, style) for one in listed]
    made = [_joined(one, citable, style) for one, citable in zip(references, listed, strict=True)]
    numbers = [one.number.format(place) for place, one in enumerate(references, start=1)]
    tag = "ol" if any(numbers) else "ul"
    return Cited(
        style=style.key,
        text="\n".join(f"{number} {one.text}".lstrip() for number, one in zip(numbers, made, strict=True)),
        html=f"<{tag}>{''.join(f'<li>{one.html}</li>' for one in made)}</{tag}>",
        attribution="\n".join(one.attribution for one in made if one.attribution),
    )


def attribution_text(citable: Citable) -> str:
    """All attributions of a thing in one sentence, such as “Images: 45 by A (CC0 1.0); 1 by B (CC0 1.0).”; empty where
    there is none."""
    if citable.attributions:
        return f"Images: {'; '.join(map(_attributed_text, most_images_first(citable.attributions)))}."
    return f"Attribution: {_stopped(in_line(citable.credit))}" if citable.credit else ""


def hash_text(citable: Citable) -> str:
    """What a snapshot is checked by, as a sentence; empty for everything else."""
    is_hashed = citable.work is Work.SNAPSHOT and citable.number
    return f"Content hash: {in_line(citable.number or '')}." if is_hashed else ""


def attribution_html(citable: Citable) -> str:
    """The same as HTML, with the licenses linked."""
    if citable.attributions:
        addresses = {name: url for name, url in citable.licenses if url and is_web_address(url)}
        rows = (_attributed_html(one, addresses) for one in most_images_first(citable.attributions))
        return f"Images: {'; '.join(rows)}."
    if not citable.credit:
        return ""
    shown = in_line(citable.credit_html or escape(citable.credit))
    return f"Attribution: {shown}{'' if _is_stopped(citable.credit) else '.'}"


def _joined(own: Reference, citable: Citable, style: Style) -> Cited:
    hashed, credit = hash_text(citable), attribution_text(citable)
    return Cited(
        style=style.key,
        text=" ".join(filter(None, (own.text.strip(), hashed, credit))),
        html=" ".join(filter(None, (own.html.strip(), escape(hashed), attribution_html(citable)))),
        attribution=credit,
    )


def _by_name(citable: Citable) -> tuple[str, ...]:
    """Authors, day, title, as the styles have it whose lists go by names; without authors the title leads."""
    day = citable.issued.isoformat() if citable.issued else ""
    return tuple(one.casefold() for one in chain(citable.authors or (citable.title,), (day, citable.title)))


def _attributed_text(one: Attributed) -> str:
    under = f" ({', '.join(map(in_line, one.licenses))})" if one.licenses else ""
    return f"{one.images:,} by {in_line(one.name)}{under}"


def _attributed_html(one: Attributed, addresses: Mapping[str, str]) -> str:
    links = (
        f'<a href="{escape(addresses[name])}">{escape(name)}</a>' if name in addresses else escape(in_line(name))
        for name in one.licenses
    )
    under = f" ({', '.join(links)})" if one.licenses else ""
    return f"{one.images:,} by <bdi>{escape(in_line(one.name))}</bdi>{under}"


def _stopped(sentence: str) -> str:
    return sentence if _is_stopped(sentence) else f"{sentence}."


def _is_stopped(sentence: str) -> bool:
    return sentence.rstrip().endswith((".", "!", "?"))
