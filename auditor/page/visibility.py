"""Why a reader cannot see an element: attributes, inline styles, `<style>` rules and scripts that hide by id.

Accordions, tabs, menus, dialogues and screen-reader text are hidden for good reasons and do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from auditor.page.page import Hidden

Rule = tuple[str, Hidden]

_MAX_CSS = 600_000  # characters of one style element
_MAX_SELECTORS = 400

# Words in class or id of elements that a reader can open, or that only a screen reader or another device is meant to get.
_SOFT = (
    "sr-only", "sr_only", "screen-reader", "screenreader", "visually-hidden", "visuallyhidden", "assistive", "a11y", "clip-text", "skip-",
    "accordion", "collaps", "expand", "toggle", "tab-pan", "tabpan", "tab-content", "tabcontent", "menu", "navbar", "navigation",
    "drop-down", "dropdown", "flyout", "modal", "dialog", "pop-up", "popup", "overlay", "lightbox", "tooltip", "popover", "carousel",
    "slide", "swiper", "slick", "gallery", "off-canvas", "offcanvas", "drawer", "mobile", "desktop", "tablet", "phone", "responsive",
    "print", "search", "cookie", "consent", "gdpr", "banner", "loading", "spinner", "lazy", "share", "social", "subscribe", "newsletter",
    "sign-up", "signup", "login", "error", "success", "message", "read-more", "readmore", "show", "faq", "answer", "panel", "hidden-xs",
    "hidden-sm", "hidden-md", "hidden-lg", "visible-", "d-none", "d-lg", "d-md", "d-sm", "no-js", "nojs", "footnote", "reference",
    "jetpack", "sharedaddy", "player", "video", "audio", "template", "placeholder", "elementor", "swatch", "variation", "filter",
    "transcript", "caption", "advert",
)  # fmt: skip
_SOFT_WORDS = re.compile(r"\b(?:(?:tabs?|form|more|cart|ads?)\b|mega|js-|amp-|et_pb|vc_)|nav\b")
_SOFT_ROLES = frozenset(
    [
        "tabpanel",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "navigation",
        "tooltip",
        "listbox",
        "combobox",
        "tree",
        "region",
        "search",
        "status",
        "alert",
    ]
)

# Sought in lower case, and by their rarest letter first: a pattern that begins with one letter skips to it at the speed of memory.
_HIDING = re.compile(r"y(?:(?<=display)\s*:\s*none|(?<=visibility)\s*:\s*hidden)")
_AWAY = re.compile(r":\s*-\d{3}")
_SIDES = ("left", "top", "right", "bottom", "text-indent")
_PLAIN = re.compile(r"(?:[\w\s#%.,:;+-]|!important(?=\s*(?:;|\Z)))*", re.ASCII)
_SCRIPT_HIDES = re.compile(
    r"getElementById\(\s*[\"']([\w-]{1,80})[\"']\s*\)\s*\.\s*style\s*\.\s*(?:display\s*=\s*[\"']none|visibility\s*=\s*[\"']hidden)",
)
_LENGTH = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(px|pt|em|rem|%|vw|vh)?")
_PSEUDO = re.compile(r":(?!not\(|first-child|last-child|nth-child|root)")


@lru_cache(maxsize=1024)
def is_soft(names: str, role: str | None) -> bool:
    """Whether class and id (`names`) or the ARIA role say that a reader can bring the element up, or is not meant to."""
    if role and role in _SOFT_ROLES:
        return True
    lower = names.lower()
    return any(word in lower for word in _SOFT) or _SOFT_WORDS.search(lower) is not None


def _pixels(value: str) -> float | None:
    match = _LENGTH.match(value)
    if not match:
        return None
    return float(match.group(1)) * {"em": 16.0, "rem": 16.0, "pt": 1.33}.get(match.group(2) or "px", 1.0)


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


@lru_cache(maxsize=1024)
def inline_reason(style: str) -> Hidden | None:
    """Why an element with this `style` attribute cannot be seen; None where it can."""
    if ":" not in style:
        return None
    found = _declarations(style)
    if found.get("display") == "none":
        return Hidden.DISPLAY
    if found.get("visibility") in {"hidden", "collapse"}:
        return Hidden.VISIBILITY
    if _is_off_screen(found):
        return Hidden.OFFSCREEN
    if _is_tiny(found):
        return Hidden.TINY
    if found.get("opacity") in {"0", "0.0", "0%", "0.01"} and not found.keys() & {
        "transform",
        "transition",
        "will-change",
    }:
        return Hidden.TRANSPARENT
    colour, ground = found.get("color"), found.get("background-color") or found.get("background")
    if colour and ground and _colour(colour) == _colour(ground):
        return Hidden.CAMOUFLAGE
    return Hidden.TRANSPARENT if colour == "transparent" else None


def _is_off_screen(found: dict[str, str]) -> bool:
    placed = found.get("position") in {"absolute", "fixed", "relative"}
    names = ("left", "top", "right", "bottom") if placed else ()
    values = [found[name] for name in (*names, "text-indent", "margin-left", "margin-top") if name in found]
    return any((size := _pixels(value)) is not None and size <= -500 for value in values)


def _is_tiny(found: dict[str, str]) -> bool:
    font = found.get("font-size")
    if font is not None and (size := _pixels(font)) is not None and size <= 1:
        return True
    if found.get("overflow") not in {"hidden", "scroll", "auto"}:
        return False
    sizes = [found[name] for name in ("height", "width", "max-height", "max-width") if name in found]
    return any((size := _pixels(value)) is not None and size <= 2 for value in sizes)


def _colour(value: str) -> str:
    named = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000"}
    value = value.split()[0] if value else value
    return named.get(value, value)


@lru_cache(maxsize=256)
def sheet_rules(css: str) -> tuple[Rule, ...]:
    """Selectors of one style sheet that hide what they match, with the reason; rules for other media left out.

    The candidates are found by a linear scan and only they are parsed, since themes carry 100 KB of rules that hide nothing; one
    theme's sheet is read once per process.
    """
    found: list[Rule] = []
    for prelude, body in _hiding_rules(css[:_MAX_CSS]):
        reason = inline_reason(body if _PLAIN.fullmatch(body) else _declared(body))
        if reason is None:
            continue
        for selector in prelude.split(","):
            name = selector.strip()
            if name and len(name) < 200 and not _PSEUDO.search(name) and not is_soft(name, None):
                found.append((name, reason))
        if len(found) >= _MAX_SELECTORS:
            break
    return tuple(found)


def _declared(body: str) -> str:
    """The declarations of a rule as a plain style attribute has them: no comments, hacks and nested rules."""
    import tinycss2

    parsed = tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True)
    return ";".join(
        f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}" for node in parsed if node.type == "declaration"
    )


_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_RULES = re.compile(r"(?:[^{}]*+\{[^{}]*+\})*+")
_BRACE = re.compile(r"[{}]")
_WITHIN = re.compile(r"(?:[^{}]++|\{[^{}]*+\})*+")


def _hiding_rules(css: str) -> Iterator[tuple[str, str]]:
    """(prelude, body) of the rules that stand in no at-rule and may hide what they match."""
    if "/*" in css:
        css = _COMMENT.sub(" ", css)
    at = opened = 0
    for hides in _hides(css):
        while max(at, opened) <= hides:
            at = _RULES.match(css, at, hides).end()  # type: ignore[union-attr]
            brace = _BRACE.search(css, at)
            if brace is None:
                return
            if brace[0] == "}":
                at = brace.end()
                continue
            opened = brace.end()
            if hides < opened:
                break  # words of a selector
            closed = _closing(css, opened)
            if closed < 0:
                return
            prelude = css[at : opened - 1].strip()
            at = closed + 1
            if hides < closed and not prelude.startswith("@"):
                yield prelude, css[opened:closed]


def _hides(css: str) -> list[int]:
    """Where in a style sheet something may be hidden, in order."""
    lower = css.replace("İ", "I").lower()  # the one capital that lowers to two characters
    places = [found.start() for found in _HIDING.finditer(lower)]
    for found in _AWAY.finditer(lower):
        end = found.start()
        while end and lower[end - 1].isspace():
            end -= 1
        if lower.endswith(_SIDES, 0, end):
            places.append(found.start())
    return sorted(places)


def _closing(css: str, at: int) -> int:
    """Where the block ends that was opened right before `at`; -1 where it does not."""
    depth = 0
    while (at := _WITHIN.match(css, at).end()) < len(css):  # type: ignore[union-attr]
        if css[at] == "{":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at
        at += 1
    return -1


def hidden_by_rules(tree: LexborHTMLParser, styles: list[str], scripts: list[str]) -> dict[int, Hidden]:
    """Elements (by `mem_id`) that `<style>` rules or inline scripts hide, with the reason."""
    by_reason: dict[Hidden, list[str]] = {}
    for css in styles:
        for selector, reason in sheet_rules(css):
            by_reason.setdefault(reason, []).append(selector)
    for script in scripts:
        for match in _SCRIPT_HIDES.finditer(script):
            if not is_soft(match.group(1), None):
                by_reason.setdefault(Hidden.DISPLAY, []).append(f'[id="{match.group(1)}"]')
    hidden: dict[int, Hidden] = {}
    for reason, selectors in by_reason.items():
        for node in _select(tree, selectors):
            hidden.setdefault(node, reason)
    return hidden


def _select(tree: LexborHTMLParser, selectors: list[str]) -> list[int]:
    """`mem_id` of what the selectors match; a selector that the engine refuses is left out."""
    unique = list(dict.fromkeys(selectors))
    try:
        return [node.mem_id for node in tree.css(", ".join(unique))]
    except Exception:  # selectolax raises its own and plain ValueErrors for selectors it does not know
        if len(unique) == 1:
            return []
        half = len(unique) // 2
        return _select(tree, unique[:half]) + _select(tree, unique[half:])
