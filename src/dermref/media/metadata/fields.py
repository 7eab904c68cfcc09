"""Which fields say what, from `data/metadata_fields.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dermref.media.metadata.said import Role

Field = tuple[Role, str]  # its role, and its name as a reader of the standard knows it


@dataclass(frozen=True, slots=True)
class Fields:
    """The tables. `exif` by tag, `iptc` by (record, data set), `text` by keyword in small letters; `xmp`, `places` and
    `pictures` by property as `prefix:name`; `prefixes` by namespace."""

    exif: Mapping[int, Field]
    quiet_gps: frozenset[int]
    iptc: Mapping[tuple[int, int], Field]
    text: Mapping[str, Role]
    xmp: Mapping[str, Role]
    prefixes: Mapping[str, str]
    places: Mapping[str, str]
    pictures: frozenset[str]
    maker_serial: re.Pattern[bytes]
    host_owners: tuple[re.Pattern[str], ...]
    before_names: tuple[str, ...]
    notice_words: tuple[str, ...]
    silent: tuple[str, ...]


@cache
def fields() -> Fields:
    """The tables, read once a process."""
    table = tomllib.loads(files("dermref.media").joinpath("data/metadata_fields.toml").read_text(encoding="utf-8"))
    xmp = table["xmp"]
    return Fields(
        exif={int(tag, 16): (Role(role), name) for tag, (role, name) in table["exif"].items()},
        quiet_gps=frozenset(table["gps"]["quiet"]),
        iptc={_data_set(key): (Role(role), name) for key, (role, name) in table["iptc"].items()},
        text=_by_word(table["text"]),
        xmp=_by_word(xmp["roles"]),
        prefixes={uri: prefix for prefix, uris in xmp["namespaces"].items() for uri in uris},
        places=xmp["places"],
        pictures=frozenset(xmp["pictures"]["properties"]),
        maker_serial=re.compile(table["makers"]["serial"].encode()),
        host_owners=tuple(map(re.compile, table["hosts"]["owners"])),
        before_names=tuple(table["people"]["before"]),
        notice_words=tuple(table["notices"]["words"]),
        silent=tuple(table["notices"]["silent"]),
    )


def _data_set(key: str) -> tuple[int, int]:
    record, _, number = key.partition(":")
    return int(record), int(number)


def _by_word(roles: Mapping[str, Any]) -> dict[str, Role]:
    return {word: Role(role) for role, words in roles.items() for word in words}
