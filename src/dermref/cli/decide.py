"""`dermref decide`: may this be done with an image, a set of images, or an item of a source; why, and in return for
what."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

import click

from dermref.config.start import start
from dermref.model.asking import Action, OperatorKind, Purpose, Subscription, Viewer, ViewerKind
from dermref.model.decision import Decision
from dermref.model.source import Source
from dermref.registry.load import load_datasets, load_sources
from dermref.rights import Question

EVERY = "all"
INSTITUTION = "the institution of whoever asks"
ACTIONS = click.Choice([*(one.value for one in Action), EVERY])
PURPOSES = click.Choice([one.value for one in Purpose])
VIEWERS = click.Choice([one.value for one in ViewerKind])
OPERATORS = click.Choice([one.value for one in OperatorKind])


@click.command()
@click.argument("image_ids", metavar="[IMAGE_ID]...", nargs=-1)
@click.option("--source", "source_id", help="An item of this source, instead of an image of the catalogue.")
@click.option("--license", "license_text", help="With --source: what the item says of its license, a text or a link.")
@click.option("--action", "words", type=ACTIONS, multiple=True, required=True, help="May be repeated.")
@click.option("--purpose", type=PURPOSES, default="unspecified", show_default=True)
@click.option("--viewer", type=VIEWERS, default="anonymous", show_default=True)
@click.option("--operator", type=OPERATORS, help="Instead of DERMREF_OPERATOR.")
@click.option("--paywall", is_flag=True, help="As if what is shown stood behind a paywall.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def decide(
    image_ids: tuple[str, ...],
    source_id: str | None,
    license_text: str | None,
    words: tuple[str, ...],
    purpose: str,
    viewer: str,
    operator: str | None,
    paywall: bool,
    as_json: bool,
) -> None:
    """Decide whether something may be done; exit 0 when it may, with or without duties, and 1 when not.

    Several images are answered as one set. With --source and no --license, an item of a per-item source counts as one
    that states none. An institution-member is one whose institution's subscription is current.

    \b
    Examples:
      dermref decide isic-archive:ISIC_0000000 --action present --purpose teaching
      dermref decide --source dermnet-nz --action train
      dermref decide --source isic-archive --license CC-BY-NC --action all
    """
    if bool(image_ids) == bool(source_id):
        raise click.UsageError("Name images, or one source with --source.")
    if license_text is not None and not source_id:
        raise click.UsageError("--license goes with --source; an image has the license that is recorded for it.")
    source = _known_source(source_id) if source_id else None
    start(migrate=True)
    actions = list(Action) if EVERY in words else [Action(word) for word in dict.fromkeys(words)]
    question = _question(
        _viewer(ViewerKind(viewer), [source_id] if source_id else image_ids),
        Purpose(purpose),
        kind=OperatorKind(operator) if operator else None,
        paywall=paywall,
    )
    if len(set(image_ids)) > 1:
        is_allowed = _answer_set(image_ids, question, actions, as_json=as_json)
    elif source:
        about = {"source": source.source_id, "license": license_text}
        is_allowed = _print(about, _of_source(source, license_text, question, actions), as_json=as_json)
    else:
        is_allowed = _print({"id": image_ids[0]}, _of_image(image_ids[0], question, actions), as_json=as_json)
    sys.exit(0 if is_allowed else 1)


def _known_source(source_id: str) -> Source:
    known = {source.source_id: source for source in (*load_sources(), *load_datasets())}
    if source_id not in known:
        raise click.UsageError(f"There is no source “{source_id}”; there are {', '.join(sorted(known))}.")
    return known[source_id]


def _viewer(kind: ViewerKind, ids: Iterable[str]) -> Viewer:
    """A viewer of this kind. An institution's member has a current subscription to every source that is asked about."""
    if kind is not ViewerKind.INSTITUTION_MEMBER:
        return Viewer(kind)
    sources = dict.fromkeys(one.partition(":")[0] for one in ids)
    return Viewer(kind, tuple(Subscription(one, INSTITUTION) for one in sources))


def _question(viewer: Viewer, purpose: Purpose, *, kind: OperatorKind | None, paywall: bool) -> Question:
    from dermref.services.deciding import question_of

    question = question_of(Action.VIEW, viewer=viewer, purpose=purpose)
    own = question.operator
    return replace(question, operator=replace(own, kind=kind or own.kind, paywall=paywall or own.paywall))


def _of_source(
    source: Source, license_text: str | None, question: Question, actions: Iterable[Action]
) -> Mapping[Action, Decision]:
    from dermref.services.deciding import answer_source

    return {one: answer_source(source, license_text, replace(question, action=one)) for one in actions}


def _of_image(image_id: str, question: Question, actions: Iterable[Action]) -> Mapping[Action, Decision]:
    from dermref.services.deciding import answers
    from dermref.services.serving import Missing

    found = answers(image_id, question, actions)
    if isinstance(found, Missing):
        raise click.UsageError(f"There is no image “{image_id}”; “dermref images list” shows what there is.")
    return found


def _print(about: Mapping[str, str | None], decisions: Mapping[Action, Decision], *, as_json: bool) -> bool:
    """Print the decision, or a table of several; whether all of them allow."""
    from dermref.cli.decided import decision_lines, table_lines
    from dermref.services.describing import describe_decision

    if as_json:
        described = {one.value: describe_decision(decision) for one, decision in decisions.items()}
        alone = described if len(described) > 1 else next(iter(described.values()))
        _echo_json({**about, "decisions": described} if len(described) > 1 else alone)
    else:
        lines = table_lines(decisions) if len(decisions) > 1 else decision_lines(next(iter(decisions.values())))
        click.echo("\n".join(lines))
    return all(decision.is_allowed for decision in decisions.values())


def _answer_set(image_ids: Iterable[str], question: Question, actions: Iterable[Action], *, as_json: bool) -> bool:
    """Print the decision for the set, or for each of several actions; whether all of them allow."""
    from dermref.cli.decided import set_lines
    from dermref.services.deciding import answer_set
    from dermref.services.describing import describe_set

    found = {one: answer_set(image_ids, replace(question, action=one)) for one in actions}
    first = next(iter(found.values()))
    if unknown := [one for one, own in first.members.items() if own is None]:
        raise click.UsageError(
            f"There is no image {', '.join(f'“{one}”' for one in unknown[:5])}"
            f"{' or others named' if len(unknown) > 5 else ''}; “dermref images list” shows what there is."
        )
    if as_json:
        described = {one.value: describe_set(answer) for one, answer in found.items()}
        _echo_json({"decisions": described} if len(described) > 1 else describe_set(first))
    else:
        click.echo("\n\n".join("\n".join(set_lines(answer)) for answer in found.values()))
    return all(answer.decision.is_allowed for answer in found.values())


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
