"""Rights notices for tests, and what is read back of them: by ourselves, and by programs from outside."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import pyvips
from lxml import etree

from dermref.credit.attribution import Credit, CreditFacts, attribution
from dermref.credit.notice import Notice, notice_of
from dermref.credit.xmp import packet_of
from dermref.media.formats import sniff
from dermref.model.media import Packet
from dermref.registry.load import load_source
from dermref.rights.facts import licenses_in

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-outside" / "bin" / "python"
EXIFTOOL = shutil.which("exiftool")
ISIC = load_source("isic-archive")
PAGE = "https://example.org/images/1/"
HOSTILE = (
    'He said "no" & ‘yes’',
    "{creator} {0} ${title} $& \\1",
    "]]> --> <rdf:Description> </rdf:RDF> <?xpacket end='w'?>",
    "<script>alert(1)</script>",
    "ליכן \u202e שטוח 😀👩\u200d⚕️ é",
    "NUL \0, bell \x07, \ufffe and a line\r\nanother",
)
DATA = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def notice(license_id: str = "CC-BY-4.0", **changes: Any) -> Notice:
    """The notice of an image; `title`, `creator` and `contributor` are those of its record."""
    words = {"title": "A lesion", "creator": "Jane Doe", "contributor": "A Hospital"}
    facts = CreditFacts("1", PAGE, **{name: changes.pop(name, word) for name, word in words.items()})
    credit = attribution(ISIC, licenses_in(license_id), facts)
    assert isinstance(credit, Credit)
    asked = {"holder": None, "is_mining_reserved": False} | changes
    return notice_of(ISIC, license_id, facts, credit, **asked)


def packet(license_id: str = "CC-BY-4.0", **changes: Any) -> Packet:
    return packet_of(notice(license_id, **changes))


def fields(xmp: bytes) -> dict[str, Any]:
    """The properties of a packet as plain XML has them: a text, or a list of texts."""
    [description] = etree.fromstring(xmp).iter(f"{DATA}Description")
    found: dict[str, Any] = {}
    for one in description:
        name = f"{one.prefix}:{etree.QName(one).localname}"
        items = ["".join(item.itertext()) or item.get(f"{DATA}resource") for item in one.iter(f"{DATA}li")]
        assert name not in found
        found[name] = items or one.text or one.get(f"{DATA}resource")
    return found


def pixels(data: bytes) -> tuple[Any, ...] | None:
    """Everything that is decoded, or None where nothing is."""
    kind = sniff(data)
    assert kind
    options = {"n": -1} if kind.loader in ("webpload_buffer", "gifload_buffer", "tiffload_buffer") else {}
    try:
        image = pyvips.Operation.call(kind.loader, data, fail_on="none", **options)
        return image.width, image.height, image.bands, image.format, image.write_to_memory()
    except pyvips.Error:
        return None


def read_outside(path: Path) -> dict[str, dict[str, Any]]:
    """What Exiv2 reads in a file."""
    found: dict[str, dict[str, dict[str, Any]]] = ask_outside("read_outside.py", path)
    return found[str(path)]


def ask_outside(tool: str, *paths: Path) -> Any:
    """What a tool says of files that runs with the outside readers."""
    if not PYTHON.exists():
        pytest.fail("The outside readers are not installed: run “make outside” once.")
    done = subprocess.run([PYTHON, ROOT / "tools" / tool, *paths], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
