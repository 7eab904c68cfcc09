"""Whom to ask: the rights holder named on the image, unless that name is nobody's."""

from dermref.model.asking import ANONYMOUS, Action, Purpose
from dermref.model.decision import Decision
from dermref.services.deciding import answers, question_of
from dermref.services.serving import Missing
from isic_server import IsicServer
from run_types import Run


def commercial_view(isic_id: str) -> Decision:
    question = question_of(Action.VIEW, viewer=ANONYMOUS, purpose=Purpose.COMMERCIAL)
    decisions = answers(f"isic-archive:{isic_id}", question, [Action.VIEW])
    assert not isinstance(decisions, Missing)
    return decisions[Action.VIEW]


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
