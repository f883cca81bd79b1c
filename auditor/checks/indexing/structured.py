"""Checks on structured data: can it be read, and does it hold what search engines ask for?"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.check import Hit, check
from auditor.checks.indexing.requirements import faults
from auditor.checks.markup import element
from auditor.page.page import Page
from auditor.page.snapshot import Format
from auditor.report import Confidence, Severity


@check(
    title="Structured data cannot be read",
    severity=Severity.LOW,
    fix="Correct the JSON; most often a comma too many, a quotation mark inside a text or a line break is at fault.",
)
def invalid_structured_data(page: Page) -> Iterator[Hit]:
    """One wrong comma makes a search engine drop the whole block, and with it author, dates and the way the page is
    shown. Nobody sees it on the page (schema.org, Google Search Central on structured data)."""
    errors = [error for error in page.metadata.structured_errors if not error.endswith("empty")]
    if errors:
        yield Hit(
            message=f"{len(errors)} JSON-LD block{'s' if len(errors) > 1 else ''} cannot be read: {errors[0][:160]}.",
            key=f"json-ld {len(errors)}",
            spot=element(page, "script", _broken),
            evidence={"errors": [error[:300] for error in errors[:10]]},
        )


def _broken(opening: str, inner: str) -> bool:
    """Whether a script is JSON-LD that the standard library cannot read either."""
    import json

    if "ld+json" not in opening.lower():
        return False
    try:
        json.loads(inner, strict=False)
    except (ValueError, RecursionError):
        return True
    return False


@check(
    title="Structured data lacks what search engines ask for",
    severity=Severity.LOW,
    fix="Add what is missing or correct what is wrong; where the page has no such thing (a rating, a price), leave the type out.",
)
def incomplete_structured_data(page: Page) -> Iterator[Hit]:
    """An item without a property that is required, or with a date that is none, is left out of rich results as a whole: no stars, no
    price, no breadcrumbs. What is required stands in Google Search Central's page on each type (see requirements.toml)."""
    if page.format is not Format.HTML or not page.metadata.structured:
        return
    found = faults(page.metadata.structured)
    if found:
        words = [fault.words for fault in found]
        more = f" and {len(words) - 3} more" if len(words) > 3 else ""
        kinds = dict.fromkeys(fault.kind for fault in found)
        yield Hit(
            message=f"{'; '.join(words[:3])[:400]}{more}.",
            key="|".join(dict.fromkeys(fault.key for fault in found))[:300],
            spot=element(
                page, "script", lambda opening, inner: "ld+json" in opening.lower() and found[0].kind in inner
            ),
            confidence=Confidence.MEDIUM,
            template="|".join(dict.fromkeys(fault.key for fault in found))[:200],
            evidence={"faults": words[:20], "types": [*kinds]},
        )
