"""Warm: one page judged before the work is shared out, so that what is loaded on first use is loaded once for all processes."""

from __future__ import annotations

from auditor.hands import judged, read
from auditor.page.snapshot import Failure, Snapshot
from auditor.result import Judges
from auditor.site.site import gather
from auditor.spread import Spread

_PARAGRAPH = (
    "Ketamine has been given as an anesthetic since 1970, and doctors at a clinic in Lansing, Michigan now give it for "
    "depression. Dr. Nora Hale, MD, says that most patients feel better within a day, but that the effect wears off "
    "after a week or two (Source: Journal of Mood Studies, 2019). You should talk to your doctor before you take any "
    "supplement, and never stop taking a prescribed medicine on your own. Common side effects are nausea, dizziness "
    "and raised blood pressure; 12 percent of 340 people in one trial dropped out because of them."
)
_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ketamine for depression: what a clinic sees</title>
<meta name="description" content="What a clinic sees."><script type="application/ld+json">{{"@type": "Article",
"author": {{"@type": "Person", "name": "Nora Hale"}}, "datePublished": "2024-02-01"}}</script></head><body>
<nav><ul><li><a href="/about">About</a></li><li><a href="/contact">Contact</a></li></ul></nav><main><article>
<h1>Ketamine for depression</h1><p class="byline">By Nora Hale, reviewed by Tom Reed, MD, on March 3, 2024</p>
<p>{_PARAGRAPH}</p><h2>What it costs</h2><p>{_PARAGRAPH} See <a href="https://trials.example/340">the trial</a>, a
<a href="https://casino.example/bonus">best online casino bonus</a> and
<a href="https://shop.example/?ref=9" style="display:none">cheap pills</a>.</p><ul><li>{_PARAGRAPH}</li></ul></article>
<section><h2>Related posts</h2><ul><li><a href="/pets">9 pet beds your dog will love</a></li><li><a href="/kitchen">How to
choose a kitchen</a></li><li><a href="/sleep">Sleep and mood</a></li></ul></section></main>
<footer><p>© 2024 <a href="/privacy">Privacy</a></p></footer></body></html>"""


def warm(judges: Judges) -> None:
    """Read and judge a page that has a little of everything; what comes of it is dropped."""
    snapshot = Snapshot(_PAGE.encode(), url="https://warm.example/a", final_url="https://warm.example/a", status=200)
    found = read(snapshot, judges)
    if isinstance(found, Failure):
        return
    page, digest = found
    judged(page, digest, gather("warm.example", [found]), Spread(), judges)
    judges.skipped.clear()
