"""Whom to ask: the rights holder named on the image, unless that name is nobody's."""

from dermref.model.asking import ANONYMOUS, Action, Purpose
from dermref.model.decision import Decision
from dermref.services.serving import explain_all
from isic_server import IsicServer
from run_types import Run


def commercial_view(isic_id: str) -> Decision:
    decisions = explain_all(f"isic-archive:{isic_id}", viewer=ANONYMOUS, purpose=Purpose.COMMERCIAL)
    assert isinstance(decisions, tuple)
    return next(one for one in decisions if one.action is Action.VIEW)


def test_isic_nc_image_when_commercial_then_ask_the_contributor_but_never_anonymous(
    run: Run, archive: IsicServer
) -> None:
    named, nameless = sorted(set(archive.objects) - archive.withdrawn)[:2]
    for isic_id, attribution in ((named, "Example Hospital"), (nameless, "Anonymous")):
        archive.relicense(isic_id, "CC-BY-NC")
        archive.set_field(isic_id, "attribution", attribution)
    run()
    first, second = commercial_view(named).contact, commercial_view(nameless).contact
    assert first is not None
    assert first.name == "Example Hospital"
    assert second is not None
    assert "Anonymous" not in second.name
