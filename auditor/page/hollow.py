"""Hollow headings: heading elements with nothing in them to read or to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.page.outline import Outline

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# What is drawn or written by other means than text; and what scripts are likely to fill.
_SHOWS = "img,svg,picture,video,audio,iframe,object,canvas,input,button,math,template,slot"
_NAMING = frozenset({"id", "aria-label", "aria-labelledby", "aria-hidden", "title"})
_MOST = 30  # headings without words that are looked at


def hollow_headings(drawn: Outline, tree: LexborHTMLParser) -> list[int]:
    """Indices of the outline's containers that are visible headings without any content.

    One with an `id`, a `data-` attribute or a label may be filled by a script or named for those who listen; it is left out.
    """
    containers = drawn.containers
    filled = {run.container for run in drawn.runs}
    hollow = [index for index in drawn.headings if index not in filled and containers[index].reason is None]
    if not hollow:
        return []
    of_tag = {tag: tree.css(tag) for tag in {containers[index].tag for index in hollow[:_MOST]}}
    found = []
    for index in hollow[:_MOST]:
        box = containers[index]
        nodes = of_tag[box.tag]
        if box.nth < len(nodes):
            node = nodes[box.nth]
            scripted = any(name in _NAMING or name.startswith("data-") for name in node.attributes)
            if not scripted and not node.text().strip() and node.css_first(_SHOWS) is None:
                found.append(index)
    return found
