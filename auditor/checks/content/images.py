"""Checks on images: whether they say anything to those who cannot see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor import urls
from auditor.checks.check import Hit, check
from auditor.page.page import Image, Page, Role
from auditor.page.snapshot import Format
from auditor.report import Severity

_PIXEL = re.compile(
    r"pixel|tracking|beacon|/tr\?|spacer|blank\.|1x1|doubleclick|scorecard|adsct|bat\.bing|facebook\.com/tr",
    re.IGNORECASE,
)
_FEW = 3
"""Images of the theme that are named one by one; more of them are a list of posts, other on every page."""


@check(
    title="Images have no alternative text",
    severity=Severity.LOW,
    fix='Describe each image in its alt attribute; an empty alt="" says that it is mere decoration.',
)
def missing_alt(page: Page) -> Iterator[Hit]:
    """Somebody who cannot see the image learns nothing of it, or has the file's name read out (WCAG 2.2, 1.1.1). Image
    search has no words for it either."""
    bare = [image for image in page.images if _bare(page, image)]
    if not bare:
        return
    own = [image for image in bare if page.role(image.block) is Role.ARTICLE]
    if own:
        yield _hit(own, Severity.LOW)
    shared = {image.src: image for image in bare if page.role(image.block) is not Role.ARTICLE}
    if len(shared) > _FEW:
        yield _hit(list(shared.values()), Severity.INFO, template="alt")
        return
    for src, image in shared.items():
        where = urls.absolute(page.url, src)  # empty for what a script will replace
        yield _hit([image], Severity.INFO, target=where, template="" if where else "alt")


def _hit(bare: Sequence[Image], severity: Severity, target: str = "", template: str = "") -> Hit:
    names = [image.src.partition("?")[0].rpartition("/")[2][:60] or image.src[:60] for image in bare]
    outside = "" if severity is Severity.LOW else " outside of the article"
    return Hit(
        message=f"{len(bare)} image{'s' if len(bare) > 1 else ''}{outside} {'have' if len(bare) > 1 else 'has'} no alternative text: "
        f"{', '.join(names[:3])}{' …' if len(names) > 3 else ''}.",
        key=f"alt {target}" if target else "alt outside" if outside else "alt",
        spot=bare[0].spot,
        severity=severity,
        target=target,
        template=template,
        evidence={"count": len(bare), "images": [image.src[:300] for image in bare[:20]]},
    )


def _bare(page: Page, image: Image) -> bool:
    if page.format is Format.MARKDOWN:
        return image.alt is None or (image.alt == "" and page.role(image.block) is Role.ARTICLE)
    # What is all that a link shows is told by `unnamed-link`.
    return image.alt is None and bool(image.src) and not image.nameless and not _PIXEL.search(image.src)
