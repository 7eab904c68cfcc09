"""What is asked of an inspection, what it learns of a file, and the files made from it."""

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    """The named display sizes; the value in pixels is the longest side."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


PIXELS = {Size.SMALL: 256, Size.MEDIUM: 1024, Size.LARGE: 2048}


def sizes_of(width: int, height: int) -> tuple[Size, ...]:
    """The display sizes there are of a picture of so many pixels: large only where medium is smaller than it."""
    return tuple(size for size in Size if size is not Size.LARGE or max(width, height) > PIXELS[Size.MEDIUM])


def fitted(width: int, height: int, size: Size) -> tuple[int, int]:
    """Width and height (pixels) of a whole picture at a display size; nothing is ever enlarged."""
    scale = min(1.0, PIXELS[size] / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


class MediaType(StrEnum):
    """The formats that renditions are made in."""

    JPEG = "image/jpeg"
    WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class StorePermit:
    """That bytes of this source may be kept now. Made by `rights.gate.store_permit` alone; the store asks for one."""

    source_id: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition to be made: at which display size, in which format."""

    size: Size
    media_type: MediaType


AHEAD = (Rung(Size.SMALL, MediaType.WEBP),)  # made at ingest unless the setting says otherwise; the others on demand


COPY = "copy"  # beside the sizes: the whole file as received, with the rights written in
LONGEST_XMP = 65_502  # bytes of XMP in one segment of a JPEG; what is longer goes on in others


@dataclass(frozen=True, slots=True)
class Packet:
    """What is said of an image's rights, ready to be written into its file. `xmp` is all of it. Where a container takes
    no more than `LONGEST_XMP` at once, `main` stands first and points at `more`, which is empty where `main` is all.
    `iptc` are the older data sets (IIM), each cut to its length."""

    xmp: bytes
    main: bytes
    more: bytes
    iptc: bytes


class Place(StrEnum):
    """Where on its pictures a source puts its mark."""

    TOP_LEFT = "top-left"
    TOP = "top"
    TOP_RIGHT = "top-right"
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom-right"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Mark:
    """The reference of a source's watermark: how it looks (an encoded picture), in which places the source puts it, and
    how wide it is there as a share of the picture's width (least, most)."""

    picture: bytes
    places: tuple[Place, ...]
    widths: tuple[float, float]


class Sighting(StrEnum):
    """What a comparison with a source's mark says: it is there, it is not, or a person must look."""

    PRESENT = "present"
    UNSURE = "unsure"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a mark: the likeness of all of it and of its least like part (at most 1), in which place, how
    wide as a share of the picture's width, and where it cannot be told, why."""

    sighting: Sighting
    score: float = 0.0
    weakest: float = 0.0
    place: str = ""
    width: float = 0.0
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of an inspection besides the facts: renditions to make, and whether the source's mark is there.
    `needs_mark` without a `mark` to compare with leaves the question open, for a curator."""

    rungs: tuple[Rung, ...] = ()
    needs_mark: bool = False
    mark: Mark | None = None


class Verdict(StrEnum):
    """What becomes of a file: it comes in, it waits for a curator, or it stays out."""

    ACCEPT = "accept"
    QUARANTINE = "quarantine"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing about a file: a stable code, one sentence, and the verdict that it alone would bring.
    The codes and their verdicts are in `media/data/findings.toml`. `about` is the bare name of the person it is about,
    if it is about one."""

    code: str
    text: str
    verdict: Verdict
    about: str = ""


class BlockKind(StrEnum):
    """What a block of a file beside its pixels is."""

    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    TEXT = "text"
    C2PA = "c2pa"
    THUMBNAIL = "thumbnail"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Block:
    """Metadata lifted out of a file's container: EXIF as a TIFF structure, XMP as XML, IPTC as IIM data sets, a text or
    comment as its bytes, a C2PA manifest as its JUMBF box, a thumbnail as the encoded picture it is, and
    unread bytes, which are neither picture nor metadata that anything here reads. `where` says where
    it stood, in words; `name` is the keyword of a text."""

    kind: BlockKind
    data: bytes
    where: str
    name: str = ""


class Colour(StrEnum):
    """How a file keeps its colours."""

    GREY = "grey"
    RGB = "rgb"
    PALETTE = "palette"
    CMYK = "cmyk"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """What kind of file it is. `width` and `height` are pixels as displayed, `orientation` (EXIF, 1 to 8) applied;
    `bits` are those of one sample; `trailing_bytes` follow the end of the picture."""

    media_type: str
    width: int
    height: int
    frames: int = 1
    bits: int = 8
    colour: Colour = Colour.RGB
    has_alpha: bool = False
    has_profile: bool = False
    is_interlaced: bool = False
    is_progressive: bool = False
    orientation: int = 1
    trailing_bytes: int = 0


class ClaimKind(StrEnum):
    """What a file says of its own rights: a notice of copyright, terms of use, a license's URL, who made it, that it
    carries a signed provenance manifest."""

    NOTICE = "notice"
    TERMS = "terms"
    LICENSE = "license"
    CREATOR = "creator"
    PROVENANCE = "provenance"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a file about its own rights, word for word, and the field it stands in (such as
    “EXIF Copyright”)."""

    kind: ClaimKind
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a picture looks. `phash` and `dhash` are 8 bytes each; `turned` are both for each of the eight ways a picture
    can be turned and mirrored (the first as it is), for asking; `sketch` is a small grey picture for a closer look."""

    phash: bytes
    dhash: bytes
    turned: tuple[tuple[bytes, bytes], ...]
    sketch: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """One rendition: encoded bytes of the whole picture, proportional, sRGB, without metadata."""

    size: Size
    media_type: MediaType
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that is a sound image, and all that was found in it. Whether it may come in is for `findings` to say.
    `original_path` is where the file lies in its source's own folder, "" when it is in the store."""

    sha256: str
    byte_size: int
    facts: Facts
    likeness: Likeness
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    renditions: tuple[Made, ...] = ()
    original_path: str = ""
