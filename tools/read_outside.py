"""Prints what Exiv2 reads in files, as JSON: by path the fields of Exif, IPTC and XMP. Runs in the environment of
tools/outside.py alone.

Example: .venv-outside/bin/python tools/read_outside.py picture.jpg
"""

import json
import sys

import exiv2

DEFAULT = 'lang="x-default" '
LISTS = {"XmpSeq", "XmpBag", "XmpAlt"}


def read(path: str) -> dict[str, dict[str, object]]:
    """The fields of one file: a list is a list, a text in languages is that of no language in particular."""
    picture = exiv2.ImageFactory.open(path)
    picture.readMetadata()
    iptc: dict[str, object] = {}
    for one in picture.iptcData():
        iptc[one.key()] = one.toString()
    exif: dict[str, object] = {one.key(): one.toString() for one in picture.exifData()}
    return {"exif": exif, "iptc": iptc, "xmp": {one.key(): _value(one) for one in picture.xmpData()}}


def _value(one: "exiv2.Xmpdatum") -> object:
    if one.typeName() in LISTS:
        return [one.toString(at) for at in range(one.count())]
    return one.toString().removeprefix(DEFAULT) if one.typeName() == "LangAlt" else one.toString()


if __name__ == "__main__":
    exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
