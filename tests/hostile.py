"""Strings that a crawled page could hold to make a report do something, and a report that holds them everywhere."""

from __future__ import annotations

from dataclasses import replace

from auditor.page.snapshot import Failure, FailureKind
from auditor.report import (
    CardLine,
    Degree,
    HealthCard,
    Label,
    LinkLabel,
    LinkResult,
    Location,
    Omission,
    RelatedItem,
    RelatedResult,
    Report,
    Silence,
    SiteResult,
    Skipped,
    Suppressed,
    TopicShare,
)
from tests.reports import finding, page, report, verdict

HOSTILE = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=2</script>",
    "</SCRIPT ><script>window.pwned=3</script>",
    "<!--<script>window.pwned=4</script>",
    "--><script>window.pwned=5</script>",
    "<![CDATA[<script>window.pwned=6</script>]]>",
    "</title><script>window.pwned=7</script>",
    "</textarea><script>window.pwned=8</script>",
    "</style><script>window.pwned=9</script>",
    "</template></noscript><script>window.pwned=10</script>",
    "<img src=x onerror=window.pwned=11>",
    '"><img src=x onerror=window.pwned=12>',
    "'><img src=x onerror=window.pwned=13>",
    '" onmouseover="window.pwned=14" x="',
    "' onfocus='window.pwned=15' autofocus='",
    "` onclick=window.pwned=16 `",
    "<svg onload=window.pwned=17>",
    "<svg><animate onbegin=window.pwned=18 attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>pwned=19</script></svg>#x'>",
    "<body onload=window.pwned=20>",
    "<iframe src='javascript:parent.pwned=21'></iframe>",
    "<iframe srcdoc='<script>parent.pwned=22</script>'></iframe>",
    "<object data='data:text/html,<script>parent.pwned=23</script>'></object>",
    "<embed src='https://evil.example/x.swf'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';*{display:none}</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><button id=data>x</button></form>",
    "<input name=getElementById><img name=querySelector>",
    "<a id=data href=javascript:window.pwned=24>x</a>",
    "<details open ontoggle=window.pwned=25>",
    "<marquee onstart=window.pwned=26>",
    "<video><source onerror=window.pwned=27></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=28>",
    "javascript:window.pwned=29",
    "JaVaScRiPt:window.pwned=30",
    " \tjava\nscript:window.pwned=31",
    "data:text/html,<script>window.pwned=32</script>",
    "vbscript:window.pwned=33",
    "{{7*7}}{{constructor.constructor('window.pwned=34')()}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${window.pwned=35}`${alert(1)}`",
    "<%= 7*7 %>#{7*7}*{7*7}",
    '\\"};window.pwned=36;//',
    "\\u003cscript\\u003ewindow.pwned=37\\u003c/script\\u003e",
    "\u2028window.pwned=38\u2029",
    "\u202egnp.exe\u202c\u2066abc\u2069\u200f",
    "nul\x00byte<scr\x00ipt>window.pwned=39</scr\x00ipt>",
    "\x1b[2J\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "lone \ud800 surrogate \udfff",
    "\ufeff\u200b\u2060<\u200bscript>window.pwned=40</script>",
    "＜script＞window.pwned=41＜/script＞",
    "&lt;script&gt;window.pwned=42&lt;/script&gt;&#60;script&#62;",
    "+ADw-script+AD4-window.pwned=43+ADw-/script+AD4-",
    "«» « » »« «<b>»",
    "__proto__",
    "constructor",
    "<dialog open><form method=dialog>",
    "Z" * 5000 + "<script>window.pwned=44</script>",
)
"""Sixty; each that could run a script would set `window.pwned`."""


def hostile_report() -> Report:
    """A report with each string in every place that a crawled page or a file's name can fill; ids of checks and roles of blocks are ours."""
    pages = []
    for number, text in enumerate(HOSTILE):
        bad = finding(
            f"check-{number}",
            text,
            message=text,
            fix=text,
            fingerprint=f"{number:016x}",
            location=Location(url=text, path=text, line=1, column=1, snippet=f"{text} «{text}» {text}"),
            evidence={text: text, "reasons": [text], "list": [text, {text: text}], "domain": text},
        )
        links = (
            LinkResult(text, text, (text,), "article", 1, 1, verdict((text, 2.0)), LinkLabel.INJECTED),
            LinkResult(f"https://evil.example/{text}", text, (text,), "article", 1, 1, None, LinkLabel.OK),
            LinkResult(f"https://h{number}.example/", text, (), "article", 1, 1, None, LinkLabel.OK),
        )
        pages.append(
            page(
                f"{number}{text}",
                (Label.SPAM, Label.LOW_QUALITY, Label.CLEAN)[number % 3],
                url=f"https://site.example/{text}" if number % 2 else text,
                title=text,
                topic=text,
                language=text,
                health=Degree.ADVICE,
                spam=verdict((text, 2.0)),
                quality=verdict((text, 1.0)),
                links=links,
                related=(RelatedResult(text, (RelatedItem(text, text, 0.1),), verdict((text, 1.0))),),
                findings=(bad,),
                suppressed=(Suppressed(bad, Silence.CONFIG, text, text),),
                card=HealthCard((CardLine(text, True, text, text), CardLine(text, None, text, text))),
            )
        )
    everything = " ".join(HOSTILE)
    found = replace(pages[0].findings[0], check="new-domain")
    return report(
        *pages,
        source=HOSTILE,
        sites=tuple(
            SiteResult(text, 1, (TopicShare(text, 0.5), TopicShare(everything, 0.1)), (found,)) for text in HOSTILE
        ),
        skipped=tuple(Skipped(f"check-{number}", text, 2) for number, text in enumerate(HOSTILE)),
        failures=tuple(Failure(FailureKind.TIMEOUT, text, url=text, path=text) for text in HOSTILE),
        omitted=tuple(Omission(text, text, 3, text) for text in HOSTILE),
        notices=(found,),
    )
