"""What a page hides at first and scripts reveal: a reason for hiding that would take most of the prose away is no reason."""

from __future__ import annotations

from auditor.page.outline import Outline

_SHOWN = 0.35  # share of the page's unlinked text from which a container cannot be hidden


def reveal(out: Outline) -> None:
    """Pass reasons for hiding on to what is inside; one that would hide most of the page's prose is dropped.

    Streaming frameworks and entrance animations deliver a whole page hidden and show it by script; a planted block is small
    beside the article, or nearly all links.
    """
    containers = out.containers
    prose = [0] * len(containers)
    for run in out.runs:
        prose[run.container] += len(run.text) - run.linked
    for index in range(len(containers) - 1, 0, -1):
        prose[containers[index].parent] += prose[index]
    most = _SHOWN * prose[0]
    for index in range(1, len(containers)):
        box = containers[index]
        if box.reason is None or prose[index] > most:
            box.reason = containers[box.parent].reason
