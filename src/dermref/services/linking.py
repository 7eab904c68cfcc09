"""The link catalogue: links by hand and from files, each checked whole before any is written, and why one is shown or
not. Nothing of a linked page is ever fetched here or kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone

from dermref.catalog.conditions import slug_of
from dermref.catalog.links import Linkable, LinksOf, Saved, links_where, links_with, remove_link, save_links
from dermref.model.asking import ANONYMOUS, Viewer
from dermref.model.deployment import Stopped
from dermref.model.evidence import Refusal
from dermref.model.harvest import FetchFailed
from dermref.model.link import LinkRecord, LinkState, NewLink
from dermref.model.source import Source, SourceKind, Tier
from dermref.rights.linking import check_link, hosts_of, is_own, link_target
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources, decide_link
from dermref.sources.connection import check_address
from dermref.sources.link_file import read_links
from dermref.sources.looking import NO_PUBLIC_ADDRESS
from dermref.sources.manifest_cells import is_unseen, printable
from dermref.sources.tables import check_cells

__all__ = ["Listed", "Saved", "add_link", "check_new", "import_links", "linkable", "list_links", "take_out"]

# Of these a visitor meets nothing here, not even in passing: they are for a developer's machine, or for members alone.
UNLISTED = frozenset({Tier.DEV_ONLY, Tier.INSTITUTIONAL_ONLY})
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
MOST_SHOWN = 40
LONGEST_WORDS = 400  # characters: an index of PostgreSQL takes no more than 2,700 bytes
LONGEST_LANGUAGE = 35  # characters, as the catalogue keeps them


@dataclass(frozen=True, slots=True)
class Listed:
    """A link as a curator reads it: where it leads, and why it is not shown, if it is not."""

    link: LinkRecord
    target: str
    hidden: Refusal | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `left_out` are a release's rows that lead nowhere."""

    saved: Saved
    left_out: int


def add_link(link: NewLink, *, by: str) -> Listed:
    """Add one link, or give one that is here new words. Raises Stopped with every fault."""
    _source(link.source_id)
    if faults := _faults(link):
        raise Stopped("\n".join(faults))
    saved = save_links([link], by=by, at=timezone.now())
    return _listed(links_with(saved.row_ids)[0])


def import_links(source_id: str | None, path: Path, *, by: str) -> Imported:
    """Add all links of a file, or none: raises Stopped with every fault, by line. Without a source, each row names its
    own."""
    if source_id is not None:
        _source(source_id)
    found = read_links(path, source_id)
    faults = [*found.faults, *(f"line {link.line}: {fault}" for link in found.links for fault in check_new(link))]
    if faults:
        shown = [printable(fault) for fault in faults[:MOST_SHOWN]]
        more = [f"… and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
        raise Stopped("\n".join([f"{path.name} has {len(faults)} faults; nothing was taken:", *shown, *more]))
    return Imported(save_links(found.links, by=by, at=timezone.now()), found.left_out)


def list_links(
    *, source_id: str | None = None, condition: str | None = None, state: LinkState | None = None
) -> list[Listed]:
    """The links of a source, of a condition (by its label or slug), in a state. Raises Stopped for no such source."""
    if source_id is not None:
        _source(source_id)
    slug = None if condition is None else slug_of(condition)
    return [_listed(link) for link in links_where(LinksOf(source_id, slug), state=state)]


def take_out(row_id: int) -> LinkRecord:
    """Remove a link; what it was. Raises Stopped where there is none."""
    link = remove_link(row_id)
    if link is None:
        raise Stopped(f"There is no link {row_id}; “dermref links list” shows all.")
    return link


def check_new(link: NewLink) -> Sequence[str]:
    """What speaks against this link, one sentence each."""
    if link.source_id not in all_sources():
        return (f"{link.source_id} is not in the registry.",)
    return _faults(link)


def linkable(viewer: Viewer) -> Linkable:
    """What may be linked to, for this viewer on this deployment."""
    closed = [source for source in all_sources().values() if _why_closed(source, viewer)]
    hosts = {host for source in closed if source.kind is SourceKind.SITE for host in hosts_of(source)}
    open_ = tuple(one for one in all_sources() if one not in {source.source_id for source in closed})
    sites = tuple(one.source_id for one in all_sources().values() if one.kind is SourceKind.SITE)
    return Linkable(open_, tuple(sorted(hosts)), sites)


def rulers_of(link: LinkRecord) -> tuple[Source, ...]:
    """The sources whose terms a link stands under: its own, and, for one of a data set release, the site that the
    address lies on, where that is tracked. A release is no way around a site's terms."""
    source = all_sources()[link.source_id]
    if source.kind is SourceKind.SITE:
        return (source,)
    return (source, *_sites_at(urlsplit(link.url).netloc))


@lru_cache(maxsize=1024)
def _sites_at(host: str) -> tuple[Source, ...]:
    """The tracked sites that have this host."""
    sites = (one for one in all_sources().values() if one.kind is SourceKind.SITE)
    return tuple(one for one in sites if is_own(f"https://{host}/", one))


def target_of(link: LinkRecord) -> str:
    """Where the link leads: its own address, unless the terms it stands under name another."""
    targets = (link_target(link.url, source) for source in rulers_of(link))
    return next((target for target in targets if target != link.url), link.url)


def _listed(link: LinkRecord) -> Listed:
    if link.source_id not in all_sources():
        return Listed(link, link.url, Refusal("source-gone", "The source is not in the registry any more."))
    return Listed(link, target_of(link), _why_hidden(link))


def _why_hidden(link: LinkRecord) -> Refusal | None:
    if link.state is LinkState.BROKEN:
        if link.status == NO_PUBLIC_ADDRESS:
            return Refusal("link-broken", "Its name leads to no public address.")
        return Refusal("link-broken", f"{link.strikes} looks in a row found no page there.")
    return next((why for one in rulers_of(link) if (why := _why_closed(one, ANONYMOUS))), None)


def _why_closed(source: Source, viewer: Viewer) -> Refusal | None:
    """Why no link to this source is shown."""
    if source.tier in UNLISTED:
        return Refusal(f"tier-{source.tier}", f"{source.source_id} is {source.tier}: no visitor meets it.")
    decision = decide_link(source.source_id, viewer=viewer, operator=deployment().operator)
    return None if decision.is_allowed else Refusal(decision.reasons[0].code, decision.reasons[0].text)


def _faults(link: NewLink) -> Sequence[str]:
    faults = [*(check_link(link.url, all_sources()[link.source_id]) or _unaskable(link.url)), *_word_faults(link)]
    if bool(link.condition.strip()) == bool(link.topic.strip()):
        faults.append("a link is for a condition or for a topic: one of the two has to be there, and not both")
    if link.condition.strip() and not slug_of(link.condition):
        faults.append(f"the condition “{link.condition}” has no letter or figure that an address could hold")
    if link.language and not (LANGUAGE.fullmatch(link.language) and len(link.language) <= LONGEST_LANGUAGE):
        faults.append(f"the language “{link.language}” is no code such as “en” or “pt-BR”")
    return faults


def _word_faults(link: NewLink) -> list[str]:
    words = {"title": link.title, "condition": link.condition, "topic": link.topic, "note": link.note}
    faults = check_cells(words)
    for name, text in words.items():
        if is_unseen(text):
            faults.append(f"“{name}” holds a line break or another sign that cannot be seen")
        if len(text) > LONGEST_WORDS and name != "note":
            faults.append(f"“{name}” has more than {LONGEST_WORDS} characters")
    if not link.title.strip():
        faults.append("“title” is empty")
    faults += [
        f"“{name}” has no letter or figure"
        for name in ("title", "topic")
        if words[name].strip() and not any(map(str.isalnum, words[name]))
    ]
    return faults


def _unaskable(url: str) -> tuple[str, ...]:
    """What the look at its page would never ask for, said before it is a broken link."""
    try:
        check_address(url)
    except FetchFailed:
        return ("the address cannot be asked for; copy it from the address bar",)
    return ()


def _source(source_id: str) -> Source:
    source = all_sources().get(source_id)
    if source is None:
        raise Stopped(f"There is no source “{source_id}”; “dermref sources list” shows all.")
    return source
