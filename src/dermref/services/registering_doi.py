"""Registers a DOI at DataCite. It speaks to the one address that the operator set, and to no other: an answer that
sends it elsewhere is a fault. Asked again for the same DOI it makes no second one."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx

from dermref import __version__
from dermref.credit.doi import read_doi
from dermref.model.deployment import DataciteAccount, Stopped
from dermref.model.evidence import Refusal
from dermref.services.deployment import deployment

TAKEN = re.compile(r"10\.[0-9]+(/(?!\.)[a-z0-9._+:-]+)+")  # no part is a step up or down in an address
MEDIA_TYPE = "application/vnd.api+json"
PATIENCE = 30.0  # seconds for each step of an answer
NOT_CONFIGURED = "No DOI can be registered here: set DERMREF_DATACITE_PREFIX and the settings beside it."
FORBIDDEN = "check DERMREF_DATACITE_REPOSITORY and DERMREF_DATACITE_PASSWORD, and that the prefix is its own"


class Registry(Protocol):
    """Where DOIs are registered."""

    def register(self, metadata: Mapping[str, object], *, doi: str, url: str) -> str:
        """The DOI, which leads to `url` from now on. Raises Stopped with one sentence."""


def register_doi(metadata: Mapping[str, object], *, doi: str, url: str) -> str:
    """Register `doi` for `url` with DataCite's metadata, and return it; the same again where that was done before.

    Raises Stopped with one sentence: where no account is set, where DataCite refuses, or does not answer.
    """
    account = deployment().datacite
    if account is None:
        raise Stopped(NOT_CONFIGURED)
    return Datacite(account).register(metadata, doi=doi, url=url)


def snapshot_doi(slug: str, version: int) -> str:
    """The DOI that a snapshot gets, ours to say: the same whenever it is asked for. Raises Stopped where no account is
    set."""
    account = deployment().datacite
    if account is None:
        raise Stopped(NOT_CONFIGURED)
    return f"{account.prefix}/dermref.{slug}.v{version}".lower()


@dataclass(frozen=True, slots=True)
class Datacite:
    """DataCite's REST API, as one repository."""

    account: DataciteAccount
    patience: float = PATIENCE

    def register(self, metadata: Mapping[str, object], *, doi: str, url: str) -> str:
        """As `Registry` has it. What DataCite has under this DOI must lead to `url` already, or nothing is changed."""
        bare = read_doi(doi)
        if isinstance(bare, Refusal):
            raise Stopped(bare.text)
        if not bare.startswith(f"{self.account.prefix}/"):
            raise Stopped(f"{bare} is not under {self.account.prefix}, the prefix of this repository.")
        if not TAKEN.fullmatch(bare):
            raise Stopped(f"DataCite takes no DOI such as {bare}: only letters, digits and -._+: are in its parts.")
        with self._asking(bare) as client:
            known = _taken(client.get(f"/dois/{bare}"), bare, fine=(200, 404))
            leads_to = _attributes(known, bare).get("url") if known.status_code == 200 else None
            if leads_to not in (None, "", url):
                raise Stopped(f"{bare} is registered already, for {leads_to}; nothing was changed.")
            told = {**metadata, "doi": bare, "url": url, "event": "publish"}
            body = {"data": {"type": "dois", "attributes": told}}
            made = _taken(client.put(f"/dois/{bare}", json=body), bare, fine=(200, 201))
        registered = str(_attributes(made, bare).get("doi", "")).lower()
        if registered != bare:
            raise Stopped(f"DataCite answered with another DOI than {bare}; look there before you ask again.")
        return bare

    @contextmanager
    def _asking(self, doi: str) -> Iterator[httpx.Client]:
        """A connection to DataCite and nowhere else; a fault of the network becomes one sentence."""
        headers = {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE, "User-Agent": f"dermref/{__version__}"}
        try:
            with httpx.Client(
                base_url=self.account.url,
                auth=(self.account.repository, self.account.password),
                headers=headers,
                timeout=self.patience,
                follow_redirects=False,
                trust_env=False,  # no proxy gets to see the password
            ) as client:
                yield client
        except httpx.HTTPError as error:
            fault = type(error).__name__
            raise Stopped(
                f"DataCite does not answer ({fault}), so nobody knows whether {doi} is registered; ask again, it is "
                "never registered twice."
            ) from error


def _taken(answer: httpx.Response, doi: str, *, fine: tuple[int, ...]) -> httpx.Response:
    """The answer, if it is one of `fine`. Raises Stopped with DataCite's own words."""
    status = answer.status_code
    if status in fine:
        return answer
    if status in (401, 403):
        raise Stopped(f"DataCite does not let us register {doi}: {FORBIDDEN}.")
    if status == 429 or status >= 500:
        raise Stopped(f"DataCite cannot do it now (status {status}); ask again later, {doi} is never registered twice.")
    raise Stopped(f"DataCite refused {doi} (status {status}): {_told(answer)}.")


def _told(answer: httpx.Response) -> str:
    """What DataCite says is wrong, shortened; it is for people to read, and of no form that could be relied on."""
    try:
        errors = answer.json()["errors"]
        return "; ".join(str(one.get("title") or one.get("source")) for one in errors)[:300].rstrip(".")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "it does not say why"


def _attributes(answer: httpx.Response, doi: str) -> Mapping[str, object]:
    try:
        found = answer.json()["data"]["attributes"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, dict):
        raise Stopped(f"DataCite's answer about {doi} cannot be read; ask again, it is never registered twice.")
    return found
