"""Strings that a crawled page may hold to get at whoever reads of it in a terminal, a chat, a spreadsheet or a browser."""

from __future__ import annotations

POISON = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "<iframe src=javascript:alert(1)>", "<body onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", '"><script>alert(1)</script>', "'><script>alert(1)</script>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", "`onclick=alert(1)`", "<!--<script>-->", "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>", "</title><script>alert(1)</script>", "</style><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "<style>*{display:none}</style>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>", "<form action=//evil.example>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "{{7*7}}", "{% raw %}{{ self }}{% endraw %}", "${7*7}", "#{7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "\\u003cscript\\u003e", "\x00<script>alert(1)</script>", "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1", "％=1", "\x1b[2J\x1b]0;owned\x07", "\x9b31m", "\u202egnp.exe", "\u2066abc\u2069",
    "a\r\nb\u2028c\u2029d", "[x](https://evil.example)", "![x](https://evil.example/p.png)", "<https://evil.example>", "https://evil.example/ www.evil.example",
    "@everyone @octocat #1 :rocket:", "``` \n# heading\n```", "`` ` ``", "|a|b|\n|-|-|", "**bold** _it_ ~~s~~ \\` \\", "\n\n- item\n1. one\n> quote\n",
    "::error file=a::b", "##[error]x", "%0a%0d<b>", "\ud800 lone", "<!channel> <@U123> <https://evil.example|click>", "x" * 5_000,
)  # fmt: skip
