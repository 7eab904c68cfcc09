"""Exiv2, a program of somebody else's in an environment of its own, reads back what we wrote into each format."""

import json
import subprocess
from pathlib import Path

import pytest
import pyvips

from containers import noise, read
from credit.cff_samples import samples
from dermref.credit.writing import fit
from dermref.credit.xmp import NO_XML
from dermref.media.embed import embed
from dermref.media.formats import sniff
from dermref.media.inspect import inspect
from dermref.media.structure import look_through
from dermref.model.media import BlockKind, Inspected, Packet
from embedding import EXIFTOOL, HOSTILE, PAGE, ask_outside, notice, packet, pixels, read_outside

WITH_ALPHA = noise().bandjoin(128)
FILES = {
    "jpg": read("hopper.jpg"),
    "png": read("png_16bit_alpha.png"),
    "webp": read("hopper.webp"),
    "lossless.webp": bytes(WITH_ALPHA.webpsave_buffer(lossless=True)),
    "alpha.webp": bytes(WITH_ALPHA.webpsave_buffer(Q=80)),
    "tif": read("tiff_16bit.tif"),
}
WITH_IPTC = ("jpg", "tif")


def written(kind: str, words: Packet, folder: Path) -> Path:
    made = embed(FILES[kind], words)
    assert isinstance(made, bytes)
    assert pixels(made) == pixels(FILES[kind])
    path = folder / f"picture.{kind}"
    path.write_bytes(made)
    return path


@pytest.mark.parametrize("kind", FILES)
def test_exiv2_when_it_reads_a_file_then_it_finds_every_field(kind: str, tmp_path: Path) -> None:
    found = read_outside(written(kind, packet("CC-BY-NC-4.0", holder="Jane Doe", is_mining_reserved=True), tmp_path))
    xmp, said = found["xmp"], notice("CC-BY-NC-4.0")
    assert xmp["Xmp.xmpRights.WebStatement"] == xmp["Xmp.cc.license"] == said.license_urls[0]
    assert (xmp["Xmp.xmpRights.Marked"], xmp["Xmp.xmpRights.UsageTerms"]) == ("True", said.usage_terms)
    assert (xmp["Xmp.dc.rights"], xmp["Xmp.dc.creator"]) == ("© Jane Doe", ["Jane Doe"])
    assert xmp["Xmp.photoshop.Credit"] == said.credit.text
    assert (xmp["Xmp.cc.attributionName"], xmp["Xmp.cc.attributionURL"]) == ("Jane Doe", PAGE)
    assert xmp["Xmp.plus.Licensor[1]/plus:LicensorURL"] == said.terms_url
    assert xmp["Xmp.plus.DataMining"].endswith("/DMI-PROHIBITED-SEECONSTRAINT")
    assert said.terms_url in xmp["Xmp.plus.OtherConstraints"]
    assert bool(found["iptc"]) == (kind in WITH_IPTC)


@pytest.mark.parametrize("kind", WITH_IPTC)
def test_exiv2_when_it_reads_iptc_then_it_finds_every_data_set(kind: str, tmp_path: Path) -> None:
    iptc = read_outside(written(kind, packet(holder="Jané Døe", title="皮"), tmp_path))["iptc"]
    assert iptc["Iptc.Application2.ObjectName"] == "皮"
    assert iptc["Iptc.Application2.Byline"] == "Jane Doe"
    assert iptc["Iptc.Application2.Copyright"] == "© Jané Døe"
    assert iptc["Iptc.Application2.Source"] == notice().source_name


@pytest.mark.parametrize("kind", FILES)
def test_exiv2_when_the_words_are_hostile_then_it_reads_them_as_they_are(kind: str, tmp_path: Path) -> None:
    for title in HOSTILE:
        xmp = read_outside(written(kind, packet(title=title, creator=title), tmp_path))["xmp"]
        plain = NO_XML.sub("\ufffd", title)
        assert xmp["Xmp.dc.title"] == plain
        assert xmp["Xmp.dc.creator"] == [plain]
        assert (
            NO_XML.sub("\ufffd", fit(title)) in xmp["Xmp.photoshop.Credit"]
        )  # where nothing turns the direction of what follows


@pytest.mark.parametrize("kind", FILES)
def test_packet_when_over_64_kb_then_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    path = written(kind, packet(title="&" * 15_000), tmp_path)
    xmp = read_outside(path)["xmp"]
    assert xmp["Xmp.xmpRights.WebStatement"] == notice().license_urls[0]
    if kind != "jpg":
        assert xmp["Xmp.dc.title"] == "&" * 15_000
        return
    data = path.read_bytes()  # Exiv2 does not follow further segments of a JPEG; our own reader does
    blocks = [one.data for one in look_through(data, sniff(data)).blocks if one.kind is BlockKind.XMP]
    assert xmp["Xmp.xmpNote.HasExtendedXMP"].encode() in data.replace(b"\0", b"")
    assert b"&amp;" * 15_000 in blocks[-1]


@pytest.mark.parametrize("kind", FILES)
def test_our_own_readers_when_they_read_the_same_file_then_they_agree(kind: str, tmp_path: Path) -> None:
    path = written(kind, packet("CC-BY-NC-4.0"), tmp_path)
    found = inspect(path.read_bytes(), name=path.name)
    assert isinstance(found, Inspected)
    claims = {claim.where: claim.text for claim in found.claims}
    assert claims["XMP cc:license"] == notice("CC-BY-NC-4.0").license_urls[0]
    assert claims["XMP photoshop:Credit"] == notice("CC-BY-NC-4.0").credit.text
    whole = pyvips.Image.new_from_file(str(path))
    assert bytes(whole.get("xmp-data")) == packet("CC-BY-NC-4.0").xmp


@pytest.mark.skipif(EXIFTOOL is None, reason="no exiftool on this machine; Exiv2 reads everything above")
@pytest.mark.parametrize("kind", FILES)
def test_exiftool_when_there_is_one_then_it_reads_the_same(kind: str, tmp_path: Path) -> None:
    path = written(kind, packet(title="&" * 15_000), tmp_path)
    done = subprocess.run([str(EXIFTOOL), "-json", "-G", path], capture_output=True, text=True, check=True)
    [found] = json.loads(done.stdout)
    assert found["XMP:Title"] == "&" * 15_000
    assert found["XMP:WebStatement"] == notice().license_urls[0]


def test_cffconvert_when_it_reads_what_we_write_then_it_finds_no_fault(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.cff" for name in samples()]
    for path, text in zip(paths, samples().values(), strict=True):
        path.write_text(text, "utf-8")
    broken = tmp_path / "broken.cff"
    broken.write_text('{"cff-version": "1.2.0", "title": "T"}', "utf-8")
    found = ask_outside("check_cff.py", *paths, broken)
    assert found.pop(str(broken))
    assert set(found.values()) == {None}
