"""Bylines: how often the author and the date that people read off a page are found, and how often one is named where there is none.

The truth is WCXB's (`truth.author`, `truth.publish_date`). Its annotators wrote down what a reader sees; no site of theirs taught a model,
but the extractors were improved while half of the sites, drawn by a hash of their name, was looked at.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from auditor.features.people import author
from auditor.page.dates import iso_date
from auditor.training.datasets import Sample, load
from auditor.training.figures import counted


def byline_figures(data: Path) -> dict[str, Any]:
    """Shares over all pages, and over the sites that nobody looked at while the extractors were written."""
    samples = load(data, "wcxb_dev")
    unread = [s for s in samples if hashlib.sha256(s.site_name.encode()).digest()[0] % 2]
    return {
        "all": _figures(samples),
        "articles": _figures([s for s in samples if s.kind == "article"]),
        "unread": _figures(unread),
        "unread_articles": _figures([s for s in unread if s.kind == "article"]),
    }


def _figures(samples: Sequence[Sample]) -> dict[str, Any]:
    found = wrong = named = signed = dated = right = 0
    for sample in samples:
        truth = sample.truth.get("author") or ""
        metadata = sample.page.metadata
        names = metadata.authors or tuple(filter(None, [author(sample.page).words]))
        signed += bool(truth)
        found += bool(truth) and same_person(truth, names)
        wrong += bool(truth) and bool(names) and not same_person(truth, names)
        named += not truth and bool(names)
        if day := iso_date(sample.truth.get("publish_date") or ""):
            dated += 1
            right += any(near(day, given) for given in (metadata.published, metadata.modified) if given)
    return {
        "author_found": counted(found, signed),
        "author_wrong": counted(wrong, signed),
        "author_named_where_none_is_recorded": counted(named, len(samples) - signed),
        "date_found": counted(right, dated),
    }


def same_person(truth: str, names: Sequence[str]) -> bool:
    """Whether one of some names is the recorded one: one within the other, or two words in common."""
    wanted = _plain(truth)
    for name in map(_plain, names):
        if name and (name in wanted or wanted in name or len(set(name.split()) & set(wanted.split())) >= 2):
            return True
    return False


def near(day: str, given: str) -> bool:
    """Whether two ISO dates are a day apart at most, as midnight in another zone makes them."""
    try:
        return abs((date.fromisoformat(given[:10]) - date.fromisoformat(day[:10])).days) <= 1
    except ValueError:
        return False


def _plain(text: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", "".join(letters)).strip()
