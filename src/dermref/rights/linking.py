"""Which address may stand as a link to a source, and where a link of that source has to lead. Whether a link may be
shown at all is `decide`'s to say."""

import re
from urllib.parse import unquote, urlsplit

from dermref.model.asking import Action
from dermref.model.decision import DutyCode
from dermref.model.hosts import is_within
from dermref.model.source import LinkTarget, Source, SourceKind

LONGEST = 1_000  # characters: with the words beside it, what an index of PostgreSQL takes
# What RFC 3986 lets stand in an address, and the braces and bars that old sites have in theirs. A backslash, which a
# browser reads as a slash, is none of it: a host could hide behind one.
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z{|}~]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")  # as a browser reads it, whole or in parts, in any base
_PRIVATE = (  # names that mean something inside a network alone (RFC 6761, 6762, 8375, 9476), or nothing anywhere
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "box", "svc"),
    *("arpa", "test", "invalid", "example", "onion", "alt", "i2p"),
)
_EMBEDDED = re.compile(r"[0-9]+(?:[.-][0-9]+){3}")  # services answer such a name with the address that it holds


def check_link(url: str, source: Source) -> tuple[str, ...]:
    """What speaks against this address as a link of `source`, one plain sentence each; nothing for a sound one.

    >>> from dermref.registry.load import load_source
    >>> check_link("javascript:alert(1)", load_source("dermis"))
    ('“javascript:alert(1)” does not begin with http:// or https://.',)
    """
    shown = _excerpt(url)
    if len(url) > LONGEST:
        return (f"{shown} has more than {LONGEST:,} characters.",)
    if not _PLAIN.fullmatch(url):
        return (f"{shown} holds a space or a character that no address has; copy it from the address bar.",)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (f"{shown} cannot be read as a web address.",)
    if parts.scheme not in ("http", "https"):
        return (f"{shown} does not begin with http:// or https://.",)
    if not parts.hostname:
        return (f"{shown} names no host.",)
    faults = []
    if "@" in parts.netloc:
        faults.append(f"{shown} holds a name or a password; leave it out.")
    if port == 0:
        faults.append(f"{shown} has a port that no server has.")
    if not {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(parts.path))):
        faults.append(f"{shown} has a step up in its path; copy it from the address bar.")
    return (*faults, *_check_host(parts.hostname, source))


def hosts_of(source: Source) -> tuple[str, ...]:
    """The hosts that are this source's own, each with its subdomains, without the “www.” in front."""
    named = [urlsplit(source.homepage_url).hostname or "", *source.ingest.hosts]
    named += [urlsplit(duty.target_url).hostname or "" for duty in source.terms.duties if duty.target_url]
    return tuple(dict.fromkeys(_bare(host) for host in named if host))


def is_own(url: str, source: Source) -> bool:
    """Whether a sound address lies on a host of this source."""
    return _is_at(urlsplit(url).hostname or "", source)


def link_target(url: str, source: Source) -> str:
    """Where a link to `url` leads: there, unless the source's terms name another target for every link to it.

    >>> from dermref.registry.load import load_source
    >>> link_target("http://atlases.muni.cz/atlases/kuze/atl_en/sect_main.html", load_source("masaryk-dermpath-atlas"))
    'http://atlases.muni.cz'
    """
    for duty in source.terms.duties:
        if duty.code is not DutyCode.LINK_BACK or Action.LINK not in duty.actions:
            continue
        if duty.target_url:
            return duty.target_url
        if duty.target is LinkTarget.HOME:
            return source.homepage_url
    return url


def _check_host(name: str, source: Source) -> tuple[str, ...]:
    host = _bare(name)
    if ":" in host or _NUMBER.fullmatch(host):
        return (
            f"The host “{name}” is a number, which may lead into a private network; give the name of a public site.",
        )
    if "." not in host or any(is_within(host, one) for one in _PRIVATE):
        return (
            f"The host “{name}” is a private address, which means nothing to a visitor; give that of a public site.",
        )
    if _EMBEDDED.search(host):
        return (f"The host “{name}” holds a number, which may lead into a private network; give the name of the site.",)
    if not _HOST.fullmatch(host) or not all(map(_is_label, host.split("."))):
        return (f"“{name}” is no name that a host can have.",)
    if source.kind is SourceKind.SITE and not _is_at(host, source):
        known = ", ".join(hosts_of(source))
        return (f"“{name}” is no host of {source.source_id}, which has {known}; give an address there.",)
    return ()


def _is_label(label: str) -> bool:
    """Whether a label that says that it stands for other letters (“xn--”) does so."""
    if not label.startswith("xn--"):
        return True
    try:
        return not label.removeprefix("xn--").encode("ascii").decode("punycode").isascii()
    except UnicodeError:
        return False


def _is_at(host: str, source: Source) -> bool:
    return any(is_within(_bare(host), one) for one in hosts_of(source))


def _bare(host: str) -> str:
    return host.lower().removesuffix(".").removeprefix("www.")


def _excerpt(url: str) -> str:
    """The address as a sentence can hold it: printable, short, and never with a password."""
    shown = "".join(char if char.isprintable() else "�" for char in url)
    head, at, rest = shown.rpartition("@")
    shown = f"…@{rest}" if at and "//" in head else shown
    return f"“{shown if len(shown) <= 80 else shown[:80] + '…'}”"
