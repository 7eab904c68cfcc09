"""From what metadata say to findings and claims. A finding names people, and never tells any other private value."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from dermref.media.findings import finding
from dermref.media.metadata.fields import fields
from dermref.media.metadata.patient import find_patient, is_blank, is_patient_word
from dermref.media.metadata.said import Role, Said, is_garbled
from dermref.model.media import Claim, ClaimKind, Finding, Verdict

LONGEST_CLAIM = 2000
MOST = 200  # findings and claims of one file
LONG = 10_000  # characters from which a text is searched alone
CLAIMS = {
    Role.CREATOR: ClaimKind.CREATOR,
    Role.CREDIT: ClaimKind.CREATOR,
    Role.NOTICE: ClaimKind.NOTICE,
    Role.TERMS: ClaimKind.TERMS,
    Role.LICENSE: ClaimKind.LICENSE,
    Role.MANIFEST: ClaimKind.PROVENANCE,
}
PLAIN = {
    Role.PLACE: "privacy-gps",
    Role.DARK_PLACE: "malformed-gps",
    Role.BROKEN: "malformed-metadata",
    Role.MANIFEST: "provenance",
    Role.FILE: "hidden-file",
    Role.MARKUP: "active-content",
    Role.MORE: "too-much-metadata",
}
WORDLESS = frozenset(PLAIN)


def find_claims(said: Iterable[Said]) -> tuple[Claim, ...]:
    """What is said of rights, each statement of a field once, in the order of the file."""
    return tuple(islice(dict.fromkeys(claim for one in said for claim in _claims(one)), MOST))


def _claims(one: Said) -> Iterator[Claim]:
    if one.role in CLAIMS and one.text and not one.text.endswith(fields().silent):
        yield Claim(CLAIMS[one.role], one.where, one.text[:LONGEST_CLAIM])
    elif one.role is Role.TEXT and _is_notice(one.text) and not _is_debris(one):
        lines = [line.strip() for line in one.text.splitlines() if _is_notice(line)]
        yield from (Claim(ClaimKind.NOTICE, one.where, line[:LONGEST_CLAIM]) for line in lines[:MOST])


def _is_notice(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in fields().notice_words)


def find_findings(said: list[Said], claims: Iterable[Claim]) -> tuple[Finding, ...]:
    """What a curator should know, each once, before what is only noted."""
    found = sorted(_findings(said, claims), key=lambda one: one.verdict is Verdict.ACCEPT)
    return tuple(islice(dict.fromkeys(found), MOST))


def _findings(said: list[Said], claims: Iterable[Claim]) -> Iterator[Finding]:
    yield from (found for one in said for found in _private(one))
    yield from _of_patients(said)
    rights = {ClaimKind.NOTICE, ClaimKind.TERMS, ClaimKind.LICENSE}
    yield from (finding("embedded-rights", where=one.where, what=one.text) for one in claims if one.kind in rights)


def _private(one: Said) -> Iterator[Finding]:
    if one.role in PLAIN:
        yield finding(PLAIN[one.role], where=one.where, what=one.text)
    elif one.role in (Role.CREATOR, Role.PERSON) and one.text:
        yield _person(one, one.text)
    elif one.role is Role.HOST and (name := _owner(one.text)):
        yield _person(one, name)
    elif one.role is Role.CONTACT and one.text:
        yield finding("privacy-person", where=one.where, what=f"contact details ({len(one.text)} characters)")
    elif one.role is Role.SERIAL and one.text.strip("0 -.,"):
        yield finding("privacy-serial", where=one.where, what=_masked(one.text))


def _person(one: Said, name: str) -> Finding:
    return replace(finding("privacy-person", where=one.where, what=name), about=_bare(name[:LONGEST_CLAIM]))


def _bare(name: str) -> str:
    before = next((word for word in fields().before_names if name.lower().startswith(word)), "")
    return name[len(before) :].strip() or name


def _owner(host: str) -> str:
    return next((hit[1].strip() for owner in fields().host_owners if (hit := owner.search(host[:200]))), "")


def _masked(serial: str) -> str:
    return f"{len(serial)} characters{f' that end in {serial[-2:]}' if len(serial) > 4 else ''}"


def _of_patients(said: list[Said]) -> Iterator[Finding]:
    """Short words all at once first: in most files nothing is found, and one look is enough."""
    short: list[Said] = []
    looked_at: list[Said] = []
    for one in said:
        if one.role in WORDLESS or not one.text:
            continue
        if one.role is Role.PATIENT or (one.key and is_patient_word(one.key)):
            yield from _patient_field(one)
        else:
            is_alone = _is_debris(one) or len(one.text) > LONG
            (looked_at if is_alone else short).append(one)
    if next(find_patient("\n".join(one.text for one in short)), None):
        looked_at += short
    for one in looked_at:
        for what in find_patient(one.text, is_debris=_is_debris(one)):
            yield finding("privacy-patient", where=one.where, what=what)


def _is_debris(one: Said) -> bool:
    return one.role is Role.DEBRIS or (one.role is Role.TEXT and is_garbled(one.text))


def _patient_field(one: Said) -> Iterator[Finding]:
    if not is_blank(one.text):
        what = f"{one.key[:40] or 'its value'} ({len(one.text)} characters)"
        yield finding("privacy-patient", where=one.where, what=what)
