"""Why a reader cannot see an element: attributes, inline styles, `<style>` rules and scripts that hide by id.

Accordions, tabs, menus, dialogues and screen-reader text are hidden for good reasons and do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from auditor.page.page import Hidden

Rule = tuple[str, Hidden]

_MAX_CSS = 600_000  # characters of one style element
_MAX_SELECTORS = 400

# Words in class or id of elements that a reader can open, or that only a screen reader or another device is meant to get.
_SOFT = re.compile(
    r"sr-only|sr_only|screen-?reader|visually-?hidden|assistive|a11y|clip-text|skip-|accordion|collaps|expand|toggle|"
    r"\btabs?\b|tab-?pan|tab-?content|menu|nav\b|navbar|navigation|drop-?down|flyout|\bmega|modal|dialog|pop-?up|overlay|lightbox|"
    r"tooltip|popover|carousel|slide|swiper|slick|gallery|off-?canvas|drawer|mobile|desktop|tablet|phone|responsive|print|search|"
    r"cookie|consent|gdpr|banner|loading|spinner|lazy|share|social|subscribe|newsletter|sign-?up|login|\bform\b|error|success|"
    r"message|\bmore\b|read-?more|show|faq|answer|panel|\bcart\b|hidden-(?:xs|sm|md|lg)|visible-|d-none|d-lg|d-md|d-sm|no-?js|\bjs-|"
    r"footnote|reference|jetpack|sharedaddy|player|video|audio|template|placeholder|\bamp-|elementor|\bet_pb|\bvc_|swatch|"
    r"variation|filter|transcript|caption|\bads?\b|advert",
    re.IGNORECASE,
)
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

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_SCRIPT_HIDES = re.compile(
    r"getElementById\(\s*[\"']([\w-]{1,80})[\"']\s*\)\s*\.\s*style\s*\.\s*(?:display\s*=\s*[\"']none|visibility\s*=\s*[\"']hidden)",
)
_LENGTH = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(px|pt|em|rem|%|vw|vh)?")
_PSEUDO = re.compile(r":(?!not\(|first-child|last-child|nth-child|root)")


def is_soft(names: str, role: str | None) -> bool:
    """Whether class and id (`names`) or the ARIA role say that a reader can bring the element up, or is not meant to."""
    return bool((names and _SOFT.search(names)) or (role and role in _SOFT_ROLES))


def _pixels(value: str) -> float | None:
    match = _LENGTH.match(value)
    if not match:
        return None
    return float(match.group(1)) * {"em": 16.0, "rem": 16.0, "pt": 1.33}.get(match.group(2) or "px", 1.0)


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


@lru_cache(maxsize=4096)
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

    The candidates are found by a linear scan and only they are parsed (tinycss2), since themes carry 100 KB of rules that hide
    nothing; one theme's sheet is read once per process.
    """
    if not _HIDING.search(css, 0, _MAX_CSS):
        return ()
    import tinycss2

    found: list[Rule] = []
    for prelude, body in _plain_rules(css[:_MAX_CSS]):
        if not _HIDING.search(body):
            continue
        parsed = tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True)
        text = ";".join(
            f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}"
            for node in parsed
            if node.type == "declaration"
        )
        reason = inline_reason(text)
        if reason is None:
            continue
        for selector in prelude.split(","):
            name = selector.strip()
            if name and len(name) < 200 and not _PSEUDO.search(name) and not is_soft(name, None):
                found.append((name, reason))
        if len(found) >= _MAX_SELECTORS:
            break
    return tuple(found)


_BRACES = re.compile(r"[{}]")
_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")


def _plain_rules(css: str) -> list[tuple[str, str]]:
    """(prelude, body) of the rules that stand in no at-rule."""
    rules: list[tuple[str, str]] = []
    css = _COMMENT.sub(" ", css)
    depth = start = opened = 0
    prelude = ""
    for brace in _BRACES.finditer(css):
        at = brace.start()
        if brace.group() == "{":
            if depth == 0:
                prelude, opened = css[start:at].strip(), at + 1
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not prelude.startswith("@"):
                    rules.append((prelude, css[opened:at]))
                start = at + 1
        else:
            start = at + 1
    return rules


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
