"""What is told to machines of a shown image, in its page and beside its bytes: its license, whether it may be mined,
and what anybody at all may do with it, whoever looks."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dermref.catalog.reading import FileRecord
from dermref.credit.attribution import Credit
from dermref.credit.notice import Notice
from dermref.model.asking import ANONYMOUS, Action
from dermref.model.source import Tier
from dermref.services.deployment import deployment
from dermref.services.mining import policy_path
from dermref.services.noticing import notice_for
from dermref.services.rulings import decide_all
from dermref.services.serving import Shown

RESIZED = "resized"


@dataclass(frozen=True, slots=True)
class Announced:
    """The notice, and what goes with it here. `allowed` is what anybody may do who names no purpose; `license_links`
    are the addresses of licenses of which each alone says everything, else our page of the source's terms;
    `policy_path` is where it says how to come to a permission to mine."""

    notice: Notice
    allowed: AbstractSet[Action]
    license_links: tuple[str, ...]
    policy_path: str | None


def announce(shown: Shown) -> Announced:
    """What machines are told of an image that somebody is shown."""
    notice, terms_path = notice_for(shown), f"/sources/{shown.source.source_id}/"
    decisions = decide_all(shown.record.policy, viewer=ANONYMOUS, operator=deployment().operator)
    is_offered = notice.is_mining_reserved and shown.source.tier is not Tier.DEV_ONLY
    return Announced(
        notice=notice,
        allowed=frozenset(action for action, decision in decisions.items() if decision.is_allowed),
        license_links=notice.license_urls or (terms_path,),
        policy_path=policy_path(shown.record) if is_offered else None,
    )


def link_header(announced: Announced) -> str:
    """The license as a `Link` field: all of a choice, and never one of several that hold together."""
    return ", ".join(f'<{url}>; rel="license"' for url in announced.license_links)


def credit_on(shown: Shown, file: FileRecord) -> Credit:
    """The credit that goes with this very file: a smaller copy says that it is one."""
    is_smaller = max(file.width, file.height) < max(shown.record.width, shown.record.height)
    return shown.credit.changed(RESIZED) if is_smaller else shown.credit
