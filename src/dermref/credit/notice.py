"""What is said of an image's rights wherever it goes: in its page, in its file, beside its bytes. One value, so that no
two of them disagree. Pure."""

from dataclasses import dataclass

from dermref.credit.attribution import Credit, CreditFacts
from dermref.credit.plain import terms_address, usage_terms
from dermref.model.source import Source
from dermref.rights.facts import Kind, License, alternatives_in, ids_in, license_of

FREE = frozenset({Kind.WAIVER, Kind.MARK, Kind.CLAIM})  # nobody reserves anything


@dataclass(frozen=True, slots=True)
class Notice:
    """The rights in one image, in words and addresses.

    `licenses` are the instruments of which each alone is the whole truth; none where several hold together, where a
    site's terms stand beside one, or where nobody granted one: no license address may be told as if it said everything.
    `terms_url` is where the terms stand, or where permission is had. `usage_terms` are sentences that stand by
    themselves. `is_mining_reserved`: text and data mining is not allowed to just anybody; `is_training_barred`: license
    or terms themselves forbid training a model. `has_terms`: the source's own terms apply, alone or beside a license.
    """

    public_id: str
    foreign_id: str
    landing_url: str
    source_name: str
    title: str | None
    creators: tuple[str, ...]
    credit: Credit
    licensor: str
    copyright: str | None
    licenses: tuple[License, ...]
    terms_url: str
    usage_terms: str
    is_free: bool
    is_mining_reserved: bool
    has_terms: bool
    is_training_barred: bool = False

    @property
    def license_urls(self) -> tuple[str, ...]:
        """The addresses of the licenses, each alone sufficient."""
        return tuple(one.url for one in self.licenses if one.url)

    @property
    def statement_url(self) -> str:
        """The one page that states the rights: the license, or where the terms stand."""
        return self.license_urls[0] if len(self.licenses) == 1 and self.license_urls else self.terms_url


def notice_of(
    source: Source,
    license_id: str,
    facts: CreditFacts,
    credit: Credit,
    *,
    holder: str | None,
    is_mining_reserved: bool,
    is_training_barred: bool = False,
) -> Notice:
    """The notice of an image of `source` under this SPDX expression; `holder` is who holds the rights, where recorded.
    Raises KeyError as `alternatives_in` does."""
    named = tuple(dict.fromkeys(one for way in alternatives_in(license_id) for one in way))
    has_terms = any(license_of(one).kind is Kind.SITE_TERMS for way in ids_in(license_id) for one in way)
    return Notice(
        public_id=f"{source.source_id}:{facts.foreign_id}",
        foreign_id=facts.foreign_id,
        landing_url=facts.landing_url,
        source_name=source.called,
        title=facts.title,
        creators=facts.people[:1],
        credit=credit,
        licensor=holder or next(iter(facts.people), source.called),
        copyright=f"© {holder}" if holder else None,
        licenses=sufficient(license_id),
        terms_url=terms_address(source, facts),
        usage_terms=usage_terms(source, license_id, facts),
        is_free=bool(named) and not has_terms and all(one.kind in FREE for one in named),
        is_mining_reserved=is_mining_reserved,
        has_terms=has_terms,
        is_training_barred=is_training_barred,
    )


def sufficient(license_id: str) -> tuple[License, ...]:
    """The instruments of an SPDX expression of which each alone is the whole truth; none where several hold together,
    where a site's own terms stand beside one, or where nobody granted one. Raises KeyError as `license_of` does."""
    ways = [[license_of(one) for one in way] for way in ids_in(license_id)]
    are_alone = all(len(way) == 1 and way[0].kind is not Kind.SITE_TERMS for way in ways)
    return tuple(way[0] for way in ways) if are_alone else ()
