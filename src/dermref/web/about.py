"""How rights work here, for a reader."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.model.decision import DutyCode, Outcome
from dermref.model.source import SourceKind, Tier
from dermref.rights.facts import licenses_in
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources
from dermref.services.searching import choices, shelf_of
from dermref.services.viewing import public_viewer
from dermref.web.status import page
from dermref.web.uses import ANSWERS

TIERS = {
    Tier.HOSTED: "May be shown here, within its license and the source’s terms.",
    Tier.DEV_ONLY: "Used only for building the software, on the developer’s own machine. Never on a public page.",
    Tier.EXTERNAL_LINK_ONLY: "Only links are kept. No picture of such a source is stored or shown here.",
    Tier.INSTITUTIONAL_ONLY: "Only for signed-in members of an institution that subscribes to the source.",
}
OUTCOMES = {
    Outcome.ALLOW: "The license or the terms permit it and ask nothing in return.",
    Outcome.ALLOW_WITH_DUTIES: "It is permitted as long as the duties named with it are kept.",
    Outcome.ASK: "Nobody forbade it and nobody permitted it, or the source wants to be asked. The page says whom.",
    Outcome.DENY: "The license, the source’s terms, its tier or a withdrawal rule it out.",
}
DUTIES = {
    DutyCode.ATTRIBUTE: "Put the credit beside the image, in the words given on its page.",
    DutyCode.LINK_BACK: "Link to the place the source names: the item, its topic page or the home page.",
    DutyCode.LINK_LICENSE: "Name the license and link to its text.",
    DutyCode.KEEP_WATERMARK: "Leave the watermark visible and unchanged.",
    DutyCode.NO_MODIFICATION: "Do not crop, draw on or otherwise change the image.",
    DutyCode.SHARE_ALIKE: "Publish what you make from it under the same license.",
    DutyCode.INDICATE_CHANGES: "Say what you changed.",
    DutyCode.NO_PAYWALL: "Do not put it where people must pay to see it.",
    DutyCode.NOTIFY_COURTESY: "Tell the source that you use it, as a courtesy.",
    DutyCode.DELETE_ON: "Delete every copy when the permission ends.",
}


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Tiers, answers, duties, the licenses of the images here, and what to do when something is wrong."""
    tiers = Counter(source.tier for source in all_sources().values() if source.kind is SourceKind.SITE)
    context = {
        "section": "rights",
        "tiers": [(tier, meaning, tiers[tier]) for tier, meaning in TIERS.items()],
        "outcomes": [(outcome, ANSWERS[outcome], meaning) for outcome, meaning in OUTCOMES.items()],
        "duties": [(code.replace("_", " "), meaning) for code, meaning in DUTIES.items()],
        "licenses": [(*one, licenses_in(one[0])) for one in choices(shelf_of(public_viewer())).licenses],
        "contact": deployment().contact,
    }
    return page(request, "rights.html", context)
