"""`dermref duplicates`: pictures that came in twice, side by side, for a curator to decide."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dermref.cli.options import author_of, json_option, signed
from dermref.config.start import start
from dermref.model.pair import PairDecision, PairVerdict

if TYPE_CHECKING:
    from dermref.services.twins import PairRecord

MOST = 1000


@click.group()
def duplicates() -> None:
    """Look at pairs of images that show the same picture, and decide about them.

    Until then the stricter rights hold: the image with the looser ones is shown nowhere, and where neither is the
    stricter, both are held.

    Example: dermref duplicates list
    """


@duplicates.command("list")
@click.option("--all", "with_decided", is_flag=True, help="Those that were decided, too.")
@click.option("--limit", type=click.IntRange(min=1), default=MOST, show_default=True)
@json_option
def list_(with_decided: bool, limit: int, as_json: bool) -> None:
    """List the pairs that wait for a curator.

    Example: dermref duplicates list --json
    """
    start(migrate=True)
    from dermref.services.twins import list_pairs

    pairs = list_pairs(verdict=None if with_decided else PairVerdict.OPEN, limit=limit)
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in pairs], ensure_ascii=False))
        return
    for pair in pairs:
        one, other = (f"{side.public_id}{' (held)' if side.is_held else ''}" for side in pair.sides)
        click.echo(f"{pair.id:>6}  {pair.kind:<5} {pair.distance:>2}  {pair.verdict:<9}  {one}  {other}")
    click.echo(f"{len(pairs):,} pairs")


@duplicates.command()
@click.argument("pair_id", type=int)
@click.option("--sheet", type=click.Path(path_type=Path), help="Write a page with both pictures side by side.")
@json_option
def show(pair_id: int, sheet: Path | None, as_json: bool) -> None:
    """Show a pair: whose images they are, under which rights, on what evidence, and which of them is held.

    \b
    Example:
      dermref duplicates show 12 --sheet pair.html
    """
    start(migrate=True)
    from dermref.services.twins import find_pair, order_in_words
    from dermref.web.sheet import pair_sheet

    pair = find_pair(pair_id)
    if pair is None:
        raise click.UsageError(f"There is no pair {pair_id}; “dermref duplicates list” shows all.")
    if sheet:
        _write(sheet, pair_sheet(pair))
    if as_json:
        click.echo(json.dumps(_as_json(pair), ensure_ascii=False))
        return
    alike = "the same bytes" if pair.kind == "exact" else f"nearly the same picture ({pair.distance} bits apart)"
    click.echo(f"Pair {pair.id}: {alike}; {order_in_words(pair)}; {pair.verdict}")
    for side in pair.sides:
        click.echo(f"\n{side.public_id}{' · held until decided' if side.is_held else ''}")
        for name, value in _facts(pair, side.public_id).items():
            click.echo(f"  {name:<10} {value}")
    if pair.by:
        click.echo(f"\nDecided by {pair.by}: {pair.why}")


@duplicates.command()
@click.argument("pair_id", type=int)
@click.option("--same", "verdict", flag_value=PairVerdict.SAME.value, help="It is one and the same picture.")
@click.option("--different", "verdict", flag_value=PairVerdict.DIFFERENT.value, help="They are different pictures.")
@click.option("--release", "released", multiple=True, metavar="ID", help="Its own rights are genuine: free this image.")
@signed("decides")
@json_option
def decide(pair_id: int, verdict: str | None, released: tuple[str, ...], by: str, why: str, as_json: bool) -> None:
    """Decide about a pair. Different pictures hold nothing; of one picture the looser image stays held unless released.

    \b
    Examples:
      dermref duplicates decide 12 --different --by "A. Curator" --why "two lesions of one patient"
      dermref duplicates decide 12 --same --release a-source:1 --by "A. Curator" --why "both licenses are the author's"
    """
    if verdict is None:
        raise click.UsageError("Say --same or --different.")
    author = author_of(by, why)
    start(migrate=True)
    from dermref.services.twins import decide

    freed = decide(pair_id, PairDecision(PairVerdict(verdict), author, released))
    if as_json:
        click.echo(json.dumps({"pair": pair_id, "verdict": verdict, "freed": list(freed)}, ensure_ascii=False))
    else:
        click.echo(
            f"Pair {pair_id}: {verdict}. " + (f"Free again: {', '.join(freed)}." if freed else "Nothing is freed.")
        )
    sys.exit(0)


@duplicates.command("build")
@click.option("--all", "is_every", is_flag=True, help="Make every fingerprint anew, not only those that are missing.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="With --all: go on after this row.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Decoding processes (default: the cores).")
@json_option
def build_fingerprints(is_every: bool, after: int, workers: int | None, as_json: bool) -> None:
    """Make fingerprints from the stored files and write the index; exit 1 when a file is missing or no image any more.

    A run that was stopped goes on when it is started again; with --all, give it the row it came to.

    \b
    Examples:
      dermref duplicates build
      dermref duplicates build --all --after 1200
    """
    if after and not is_every:
        raise click.UsageError("--after goes with --all; without it, only what is missing is made.")
    start(migrate=True)
    from dermref.services.fingerprinting import Built, build

    begun = drawn = time.monotonic()

    def progress(built: Built) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - begun > 1 and now - drawn > 2:
            drawn = now
            done = built.made + len(built.missing) + len(built.unsound)
            click.echo(f"duplicates: {done:,} of {built.total:,} images, up to row {built.last} …", err=True)

    built = build(is_every=is_every, after=after, workers=workers or os.cpu_count() or 2, progress=progress)
    if as_json:
        unsound = [{"id": public_id, "text": text} for public_id, text in built.unsound]
        counted = {
            "made": built.made,
            "pairs": built.pairs,
            "indexed": built.indexed,
            "last": built.last,
            "missing": built.missing,
        }
        click.echo(json.dumps({**counted, "unsound": unsound}, ensure_ascii=False))
    else:
        for public_id in built.missing:
            click.echo(f"{public_id}: its file is missing")
        for public_id, text in built.unsound:
            click.echo(f"{public_id}: {text}")
        left = len(built.missing) + len(built.unsound)
        made = f"{built.made:,} fingerprints made, {left} left out, {built.pairs:,} pairs"
        click.echo(f"duplicates: {made}, {built.indexed:,} in the index")
    sys.exit(1 if built.missing or built.unsound else 0)


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {path}: it is for your eyes alone, and holds pictures that may not be published.", err=True)


def _facts(pair: "PairRecord", public_id: str) -> dict[str, str]:
    side = next(one for one in pair.sides if one.public_id == public_id)
    return {
        "license": f"{side.policy.license_id} (printed “{side.policy.license_label}”)",
        "statement": side.statement or "none",
        "read at": f"{side.evidence_url}, {side.retrieved_at:%Y-%m-%d}",
        "creator": side.creator or "not named",
        "page": side.landing_url,
        "file": f"{side.width} x {side.height}, sha256 {side.sha256}",
    }


def _as_json(pair: "PairRecord") -> dict[str, object]:
    return {
        "id": pair.id,
        "kind": pair.kind,
        "distance": pair.distance,
        "verdict": pair.verdict,
        "by": pair.by or None,
        "why": pair.why or None,
        "images": [
            {
                "id": side.public_id,
                "license": side.policy.license_id,
                "held": side.is_held,
                "creator": side.creator or None,
                "landing_url": side.landing_url,
                "evidence": {
                    "statement": side.statement,
                    "url": side.evidence_url,
                    "retrieved_at": side.retrieved_at.isoformat(),
                },
                "sha256": side.sha256,
                "width": side.width,
                "height": side.height,
            }
            for side in pair.sides
        ],
    }
