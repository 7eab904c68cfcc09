"""An image, a license and a decision as plain JSON values: one form for the API and for `--json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from urllib.parse import quote, urlencode

from dermref.catalog.reading import FileRecord, ImageRecord, stored_file
from dermref.model.asking import Action, Purpose, Viewer
from dermref.model.decision import Contact, Decision, Duty, Reason, SetDecision
from dermref.model.media import COPY, MediaType, Size, fitted, sizes_of
from dermref.rights.described import license_row
from dermref.rights.facts import License, alternatives_in, license_of
from dermref.rights.verdict import Licenses, Reading
from dermref.services.attributing import plain_of
from dermref.services.deciding import SetAnswer
from dermref.services.deployment import deployment
from dermref.services.in_writing import written_for
from dermref.services.outgoing import carries_credit
from dermref.services.rulings import decide_all
from dermref.services.serving import ACTION_OF, Shown, elsewhere

Json = dict[str, object]


def describe_image(shown: Shown, *, viewer: Viewer) -> Json:
    """An image as INTERFACES has it."""
    return describe_images([shown], viewer=viewer)[0]


def describe_images(shown: Sequence[Shown], *, viewer: Viewer) -> list[Json]:
    """Several images, their links read in one query."""
    others = elsewhere([one.record for one in shown], viewer=viewer)
    return [_describe(one, others.get(one.record.row_id, ()), viewer=viewer) for one in shown]


def _describe(shown: Shown, others: tuple[str, ...], *, viewer: Viewer) -> Json:
    record, source = shown.record, shown.source
    allowed = decide_all(record.policy, viewer=viewer, operator=deployment().operator, purpose=shown.purpose)
    return {
        "id": record.public_id,
        "source_id": record.source_id,
        "foreign_id": record.foreign_id,
        "title": record.title or None,
        "landing_url": record.landing_url,
        "files": _describe_files(shown, allowed),
        "license": {**describe_license(shown.license_id, shown.licenses), "declared": shown.license_label},
        "attribution": {**shown.credit.as_json(), "plain": plain_of(shown).text},
        "creator": record.creator or None,
        "contributor": record.contributor or None,
        "rights_holder": record.rights_holder or None,
        "source_name": source.name,
        "condition": _condition(shown),
        "modality": record.modality or None,
        "body_site": record.body_site or None,
        "skin_tone": [{**tone, "note": _tone_note(record)} for tone in record.skin_tones],
        "age": record.age,
        "sex": record.sex or None,
        "width": record.width,
        "height": record.height,
        "sha256": record.sha256,
        "evidence": {
            "statement": record.evidence.statement,
            "url": record.evidence.url,
            "retrieved_at": record.evidence.retrieved_at,
            "sha256": record.evidence.sha256,
            "in_writing": [asdict(one) for one in written_for(record, viewer=viewer)],
        },
        "same_picture": list(others),
        "allowed": {action.value: allowed[action].outcome.value for action in Action},
    }


def _tone_note(record: ImageRecord) -> str | None:
    """What who assessed the tone says of it, such as how far it can be relied on: it never goes without."""
    note = record.metadata.get("skin_tone_note")
    return note if isinstance(note, str) and note else None


def _describe_files(shown: Shown, allowed: Mapping[Action, Decision]) -> list[Json]:
    """The file as received and, where it may be changed, the same with its credit inside and every rendition that may
    be had; each in the format it has for a client with no wish of its own. What may be looked at, and neither changed
    nor taken along, is had as received at the size of a page."""
    stored = stored_file(shown.record)
    may_change = allowed[Action.RESIZE].is_allowed
    if allowed[Action.VIEW].is_allowed and not (may_change or allowed[Action.DOWNLOAD].is_allowed):
        return [describe_file(shown, replace(stored, size=Size.MEDIUM))]
    written = _written(shown, stored) if may_change else []
    wanted = (("", describe_file(shown, stored)), *((file.size, _describe_written(shown, file)) for file in written))
    return [row for size, row in wanted if allowed[ACTION_OF[size]].is_allowed]


def _written(shown: Shown, stored: FileRecord) -> list[FileRecord]:
    """Every file with its credit inside: the copy, then the renditions, whether one was made before or not."""
    record = shown.record
    copies = [replace(stored, size=COPY)] if carries_credit(stored.media_type) else []
    sizes = sizes_of(record.width, record.height)
    fit = {size: fitted(record.width, record.height, size) for size in sizes}
    return [*copies, *(FileRecord(size, MediaType.JPEG, "", 0, *fit[size]) for size in sizes)]


def _describe_written(shown: Shown, file: FileRecord) -> Json:
    """How many bytes it has is known when it is sent: what is written into it is of that moment."""
    return describe_file(shown, file) | {"bytes": None}


def describe_file(shown: Shown, file: FileRecord) -> Json:
    """One file with its address at the gate."""
    return {
        "size": file.size or "original",
        "url": image_path(shown, file.size),
        "media_type": file.media_type,
        "width": file.width,
        "height": file.height,
        "bytes": file.byte_size,
    }


def image_path(shown: Shown, size: str) -> str:
    """The path of the gate for a file; "" is the file as received. It names the purpose where that is needed."""
    purpose = None if shown.purpose is Purpose.UNSPECIFIED else shown.purpose.value
    asked = urlencode({name: value for name, value in (("size", size), ("purpose", purpose)) if value})
    return f"/api/image/{quote(shown.record.public_id, safe='/:')}" + (f"?{asked}" if asked else "")


def describe_license(license_id: str, licenses: tuple[License, ...]) -> Json:
    """License JSON of INTERFACES: of the one instrument in play, or of the expression where several are. `id` is the
    recorded expression in any case."""
    several: Reading = Licenses(license_id, alternatives_in(license_id)) if licenses else license_of(license_id)
    reading = licenses[0] if len(licenses) == 1 else several
    return license_row(reading) | {"id": license_id}


def describe_decision(decision: Decision) -> Json:
    """Decision JSON of INTERFACES."""
    return {
        **_asked(decision),
        "reasons": [_reason(reason) for reason in decision.reasons],
        "duties": [_duty(duty) for duty in decision.duties],
        "contact": _contact(decision.contact) if decision.contact else None,
    }


def describe_set(answer: SetAnswer) -> Json:
    """The decision for a set, who causes what, and each member's outcome: `unknown` where there is no such image."""
    members = [{"id": one, "outcome": own.outcome.value if own else "unknown"} for one, own in answer.members.items()]
    return {**describe_set_decision(answer.decision), "members": members}


def describe_set_decision(decision: SetDecision, *, numbers: Sequence[int] = ()) -> Json:
    """The decision for a set, and who causes what; `numbers` says of how many images each cause is, where they are more
    than it names."""
    causes: list[Json] = [
        {"outcome": cause.outcome.value, "reason": _reason(cause.reason), "members": list(cause.members)}
        for cause in decision.causes
    ]
    for cause, number in zip(causes, numbers, strict=bool(numbers)):
        cause["images"] = number
    return {
        **_asked(decision),
        "causes": causes,
        "duties": [_duty(duty) for duty in decision.duties],
        "contacts": [_contact(contact) for contact in decision.contacts],
        "licenses": list(decision.licenses),
    }


def _asked(decision: Decision | SetDecision) -> Json:
    return {
        "outcome": decision.outcome.value,
        "action": decision.action.value,
        "viewer": decision.viewer.value,
        "purpose": decision.purpose.value,
        "operator": decision.operator.value,
    }


def _reason(reason: Reason) -> Json:
    evidence = reason.evidence
    said = {"kind": evidence.kind.value, "quote": evidence.quote, "url": evidence.url}
    return {"code": reason.code, "text": reason.text, "evidence": said}


def _duty(duty: Duty) -> Json:
    return {"code": duty.code.value, "text": duty.text, "detail": duty.detail, "same_page": duty.same_page}


def _contact(contact: Contact) -> Json:
    return {"name": contact.name, "email": contact.email, "url": contact.url}


def _condition(shown: Shown) -> Mapping[str, object] | None:
    record = shown.record
    if record.condition_slug is None:
        return None
    return {
        "slug": record.condition_slug,
        "label": record.condition_label,
        "as_published": record.condition_as_published,
        "xrefs": list(record.condition_xrefs),
    }
