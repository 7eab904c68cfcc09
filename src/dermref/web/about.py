"""How rights work here, for a reader."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dermref.model.decision import Outcome
from dermref.model.source import SourceKind, Tier
from dermref.rights.duties import DUTY_TEXTS
from dermref.rights.facts import licenses_in
from dermref.services.deployment import deployment
from dermref.services.rulings import all_sources
from dermref.services.searching import choices, shelf_of
from dermref.services.viewing import viewer_of_request
from dermref.web.status import page
from dermref.web.uses import ANSWERS, MARKS

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


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Tiers, answers, duties, the licenses of the images here, and what to do when something is wrong."""
    tiers = Counter(source.tier for source in all_sources().values() if source.kind is SourceKind.SITE)
    context = {
        "section": "rights",
        "tiers": [(tier, meaning, tiers[tier]) for tier, meaning in TIERS.items()],
        "outcomes": [(outcome, MARKS[outcome], ANSWERS[outcome], meaning) for outcome, meaning in OUTCOMES.items()],
        "duties": [(code.replace("_", " "), meaning) for code, meaning in DUTY_TEXTS.items()],
        "licenses": [(*one, licenses_in(one[0])) for one in choices(shelf_of(viewer_of_request(request))).licenses],
        "contact": deployment().contact,
    }
    return page(request, "rights.html", context)
