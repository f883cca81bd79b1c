"""The walk over an HTML tree that notes its outline; every node is visited once, since this is the hot path of an audit."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.page.nodes import folded_words
from auditor.page.outline import Anchor, Container, Outline, Picture, Run, Sequence
from auditor.page.page import Hidden, Kind, Spot
from auditor.page.reveal import reveal
from auditor.page.visibility import hidden_by_rules, inline_reason, is_soft

_START = re.compile(r"\s*-?[0-9]{1,8}\s*")
MAX_NODES = 400_000
MAX_DEPTH = 600  # containers deeper than this are read as part of the one at this depth


_SKIP = frozenset(
    {
        "script",
        "style",
        "template",
        "svg",
        "math",
        "head",
        "select",
        "datalist",
        "object",
        "canvas",
        "iframe",
        "audio",
        "video",
    }
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
        "picture",
        "source",
        "noscript",
        "button",
        "input",
        "nobr",
        "center",
    ]
) - {"center"}
_EMPTY = frozenset(("br", "hr", "img"))
_FRAMING = frozenset(("script", "iframe"))
_NO_ELEMENT = ("-", "!")
# Python looks a member up with a function of its own, which costs more than what an element is asked for.
_HEADING, _ITEM = Kind.HEADING, Kind.ITEM
_LISTS = ("ol", "ul")
_spot = tuple.__new__  # a third of what calling `Spot` costs, for the one that every link has
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Kind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), Kind.ITEM),
    **dict.fromkeys(("td", "th"), Kind.CELL),
    "blockquote": Kind.QUOTE,
    "pre": Kind.CODE,
    **dict.fromkeys(("figcaption", "caption"), Kind.CAPTION),
}


def outline(tree: LexborHTMLParser) -> Outline:
    """Walk the tree once. Never raises; past `MAX_NODES` the rest is left out and `truncated` says so."""
    return _Walk(tree).run()


class _Walk:
    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self.out = Outline()
        # The run being written: white space folded as a browser does, offsets kept.
        self.parts: list[str] = []
        self.length = 0
        self.gap = False
        self.linked = 0
        self.open_anchor: Anchor | None = None
        self.counts: dict[str, int] = {}
        self.link_counts: dict[str, int] = {}
        self.list_of: dict[int, Sequence] = {}
        styles = [node.text() for node in tree.css("style")]
        scripts = [text for node in tree.css("script:not([src])") if "getElementById" in (text := node.text())]
        self.hidden = hidden_by_rules(tree, styles, scripts) if styles or scripts else {}

    def run(self) -> Outline:
        out = self.out
        root = self.tree.root
        out.containers.append(Container("html", -1, "", "", None, Kind.TEXT, 0, 0))
        # Each frame: (next sibling to visit, container to return to, anchor to return to)
        stack: list[tuple[LexborNode | None, int, Anchor | None]] = []
        node = root.first_child if root is not None else None
        counts, read, enter, flush = self.counts, self.read, self.enter, self.flush
        current = 0
        seen = 0
        while True:
            if node is None:
                if not stack:
                    break
                node, outer, anchor = stack.pop()
                if outer != current:
                    if self.length:
                        flush(current)
                    self.gap = False
                    current = outer
                if self.open_anchor is not anchor:
                    self.gap = True
                    self.open_anchor = anchor
                continue
            seen += 1
            if seen > MAX_NODES:
                out.truncated = f"more than {MAX_NODES:,} nodes"
                break
            tag = node.tag or ""
            if tag == "-text":
                read(node.text_content or "")
                node = node.next
                continue
            if tag in _SKIP or tag[:1] in _NO_ELEMENT:
                if tag in _FRAMING and (src := node.attributes.get("src")):
                    out.resources.append(src)
                node = node.next
                continue
            counts[tag] = nth = counts.get(tag, -1) + 1
            outside = self.open_anchor
            container = enter(node, tag, nth, current, len(stack))
            child = None if tag in _EMPTY else node.first_child
            if child is None:
                self.open_anchor = outside
                if container != current:
                    if self.length:
                        flush(container)
                    self.gap = False
                node = node.next
            else:
                stack.append((node.next, current, outside))
                node, current = child, container
        flush(current)
        reveal(out)
        return out

    def read(self, piece: str) -> None:
        """Append a text's words to the run being written; where a link is open they are its words."""
        start = self.length
        text = folded_words(piece)
        if not text:
            if start and piece:
                self.gap = True
            return
        if start and (self.gap or piece[0].isspace()):
            self.parts.append(" ")
            start += 1
        self.parts.append(text)
        self.length = end = start + len(text)
        self.gap = piece[-1].isspace()
        anchor = self.open_anchor
        if anchor is not None:
            self.linked += end - start
            index = len(self.out.runs)
            pieces = anchor.pieces
            if pieces and pieces[-1][0] == index:
                pieces[-1] = (index, pieces[-1][1], end)
            else:
                pieces.append((index, start, end))

    def flush(self, container: int) -> None:
        """End the run being written, if it holds any words."""
        self.gap = False
        if self.length:
            box = self.out.containers[container]
            self.out.runs.append(Run("".join(self.parts), container, box.kind, box.level, self.linked))
            self.parts = []
            self.length = self.linked = 0

    def enter(self, node: LexborNode, tag: str, nth: int, current: int, depth: int) -> int:
        """Note an element; returns the container that its content stands in."""
        attributes = node.attributes
        reason = None
        if attributes and ("style" in attributes or "hidden" in attributes or self.hidden):
            reason = self.reason(node, attributes)
        if tag == "a":
            self.gap = self.gap or self.after_link
            href = attributes.get("href")
            if href is not None:
                self.anchor(attributes, href, current, reason)
        elif tag == "br":
            self.gap = True
            following = node.next
            while following is not None and following.tag == "-text" and not (following.text_content or "").strip():
                following = following.next
            if following is not None and following.tag == "br":
                self.flush(current)
            return current
        elif tag == "img":
            self.picture(attributes, current, nth)
            return current
        if reason is None and tag in _INLINE:
            return current
        self.flush(current)
        return current if tag == "hr" else self.container(tag, attributes, current, reason, nth, depth)

    @property
    def after_link(self) -> bool:
        """Two links side by side read as two words even where the source has no space between them."""
        runs, anchors = self.out.runs, self.out.anchors
        return bool(
            anchors and (pieces := anchors[-1].pieces) and pieces[-1][0] == len(runs) and pieces[-1][2] == self.length
        )

    def reason(self, node: LexborNode, attributes: dict[str, str | None]) -> Hidden | None:
        """Why this element itself cannot be seen."""
        style = attributes.get("style")
        found = inline_reason(style) if style else None
        if found is None and "hidden" in attributes and attributes["hidden"] != "until-found":
            found = Hidden.ATTRIBUTE
        if found is None and self.hidden:
            found = self.hidden.get(node.mem_id)
        if found is None:
            return None
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if is_soft(names, attributes.get("role")) or "aria-labelledby" in attributes or "aria-expanded" in attributes:
            return None
        return found

    def anchor(self, attributes: dict[str, str | None], href: str, current: int, reason: Hidden | None) -> None:
        self.link_counts[href] = nth = self.link_counts.get(href, -1) + 1
        get = attributes.get
        style = f"{get('class') or ''}|{get('style') or ''}"
        label = get("aria-label") or get("title") or ""
        spot = _spot(Spot, ("a", href, nth, None))
        found = Anchor(href, get("rel") or "", style, current, spot, reason, [], 0, "", label, len(self.out.runs))
        self.out.anchors.append(found)
        self.open_anchor = found

    def picture(self, attributes: dict[str, str | None], current: int, nth: int) -> None:
        src = attributes.get("src") or attributes.get("data-src") or attributes.get("srcset") or ""
        alt = (attributes["alt"] or "") if "alt" in attributes else None
        anchor = self.open_anchor
        if anchor is not None:
            anchor.images += 1
            anchor.alt = anchor.alt or (alt or "").strip()
        # An open link is the last one: links do not nest.
        inside = len(self.out.anchors) - 1 if anchor is not None else -1
        self.out.pictures.append(Picture(src, alt, current, Spot("img", "", nth), len(self.out.runs), inside))

    def container(
        self, tag: str, attributes: dict[str, str | None], current: int, reason: Hidden | None, nth: int, depth: int
    ) -> int:
        """Open a container; returns its index."""
        containers = self.out.containers
        outer = containers[current]
        if depth > MAX_DEPTH:
            return current
        names, aria = " ", ""
        if attributes:
            get = attributes.get
            names = f"{get('class') or ''} {get('id') or ''}"
            aria = get("role") or ""
        kind = _KINDS.get(tag) or outer.kind
        level = outer.level
        if kind is _HEADING and tag[0] == "h" and tag[1:].isdigit():
            level = int(tag[1])
            self.out.headings.append(len(containers))
        elif tag in _LISTS:
            level = level + 1 if outer.kind is _ITEM else 1
        index = len(containers)
        containers.append(Container(tag, current, names, aria, reason, kind, level, nth))
        if tag in _LISTS:
            start = (attributes.get("start") or "") if attributes else ""
            value = int(start) if _START.fullmatch(start) else 1
            found = Sequence(tag == "ol", value, 0, index, Spot(tag, "", nth), len(self.out.runs))
            self.out.lists.append(found)
            self.list_of[index] = found
        elif tag == "li" and current in self.list_of:
            self.list_of[current].length += 1
        return index
