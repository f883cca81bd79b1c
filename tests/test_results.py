"""Results as bytes: exact, and of nothing but what they say they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from math import nan
from pathlib import Path

import msgspec
import numpy as np
import pytest

from auditor.audit import audit
from auditor.config import Config
from auditor.files import read
from auditor.hands import read as read_page
from auditor.model.verdict import Verdict
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.render.json import render_json
from auditor.report import PageResult, Report
from auditor.result import Judges
from auditor.scan.codec import Codec, decode_entry, decode_report, encode_entry, encode_report
from auditor.site.entry import entry
from auditor.store.findings import Findings
from auditor.store.store import Store
from tests.demo import NOW, SITE
from tests.reports import finding

FIXTURES = [str(SITE.parent.parent / name) for name in ("pages", "health", "sites")]


@pytest.fixture(scope="module")
def whole() -> Report:
    return audit(read(FIXTURES, max_bytes=10**7), source=FIXTURES, started_at=NOW)


@pytest.fixture(scope="module")
def codec() -> Codec:
    return Codec.of(Judges.load(Config()).models)


def one_page(**changes: object) -> PageResult:
    report = audit([Snapshot(b"<title>Soup</title><p>Leek and potato.</p>", path="soup.html")], started_at=NOW)
    (page,) = report.pages
    return replace(page, **changes)  # type: ignore[arg-type]


def test_every_result_of_the_fixtures_comes_back_exactly(whole: Report, codec: Codec) -> None:
    verdicts = cards = related = links = 0
    for page in whole.pages:
        back = codec.decode(codec.encode(page))
        assert repr(replace(back, findings=())) == repr(replace(page, findings=()))  # NaN is not equal to itself
        assert render_json(replace(whole, pages=(back,))) == render_json(replace(whole, pages=(page,)))
        for mine, theirs in zip(back.findings, page.findings, strict=True):
            assert replace(mine, evidence={}) == replace(theirs, evidence={})
        found = [back.spam, back.quality, *(link.injected for link in back.links), *(r.off_topic for r in back.related)]
        for verdict in found:
            if verdict is not None:
                verdicts += 1
                summed = verdict.bias + sum(one.weight for one in verdict.contributions)
                assert summed == pytest.approx(verdict.log_odds, abs=1e-9)
        cards += back.card is not None
        related += len(back.related)
        links += len(back.links)
    assert verdicts > 200 and cards > 5 and related > 5 and links > 100  # there was something to lose


def test_verdicts_of_models_that_look_at_the_same_features_are_told_apart(whole: Report, codec: Codec) -> None:
    both = [page for page in whole.pages if page.spam and page.quality and page.card is None]
    assert both
    for page in both:
        back = codec.decode(codec.encode(page))
        assert page.spam and back.spam and page.quality and back.quality
        for mine, theirs in ((back.spam, page.spam), (back.quality, page.quality)):
            assert [(c.feature, c.phrase, c.sign) for c in mine.contributions] == [
                (c.feature, c.phrase, c.sign) for c in theirs.contributions
            ]


def test_a_report_comes_back_from_its_store(whole: Report, codec: Codec, tmp_path: Path) -> None:
    failure = Failure(FailureKind.TIMEOUT, "no answer in 20 s; try again", url="https://slow.example/")
    given = replace(whole, failures=(failure,))
    with Store(tmp_path) as store:
        kept = store.begin([], {}, "0")
        findings = Findings(store.connection, store.file, kept.id)
        pages = iter(given.pages)
        for site in given.sites:
            rows = [
                (kept.keep(Snapshot(b"x", path=page.path)), page.name, codec.encode(page))
                for page in islice(pages, site.pages)
            ]
            findings.put_results(site.site, reversed(rows))
        findings.put_report(encode_report(given, codec, set()))
        data = findings.report()
        assert data is not None
        back = decode_report(data, findings)
        assert render_json(back) == render_json(given)
        assert len(back.pages) == len(given.pages)
        assert list(back.sites) == list(given.sites)
        assert back.tally() == given.tally()


def test_half_characters_become_the_sign_for_what_cannot_be_read(codec: Codec) -> None:
    odd = finding(message="broken \ud83d here", evidence={"half\udc00": ["\ud800", {"x": "\udfff"}]})
    back = codec.decode(codec.encode(one_page(title="Soup \ud83d", findings=(odd,))))
    assert back.title == "Soup \ufffd"
    assert back.findings[0].message == "broken \ufffd here"
    assert back.findings[0].evidence == {"half\ufffd": ["\ufffd", {"x": "\ufffd"}]}


def test_a_whole_character_is_left_alone_beside_a_half_one(codec: Codec) -> None:
    back = codec.decode(codec.encode(one_page(title="\ud83d and \U0001f372")))
    assert back.title == "\ufffd and \U0001f372"


def test_evidence_is_kept_as_reports_for_programs_have_it(codec: Codec) -> None:
    evidence = {"share": np.float32(0.5), "none": nan, "words": frozenset({"b", "a"}), "pair": (1, 2)}
    back = codec.decode(codec.encode(one_page(findings=(finding(evidence=evidence),))))
    assert back.findings[0].evidence == {"share": 0.5, "none": None, "words": ["a", "b"], "pair": [1, 2]}


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x91\xc0", b"not msgpack", b'{"url": null}', b"\x9f" * 40])
def test_foreign_bytes_are_no_result(data: bytes, codec: Codec, tmp_path: Path) -> None:
    with pytest.raises(msgspec.MsgspecError):
        codec.decode(data)
    with pytest.raises(msgspec.MsgspecError):
        decode_entry(data)
    with Store(tmp_path) as store, pytest.raises(msgspec.MsgspecError):
        decode_report(data, Findings(store.connection, store.file, store.begin([], {}, "0").id))


def test_a_page_is_no_entry_and_a_cut_page_is_none(codec: Codec) -> None:
    data = codec.encode(one_page())
    with pytest.raises(msgspec.MsgspecError):
        decode_entry(data)
    with pytest.raises(msgspec.MsgspecError):
        codec.decode(data[:-3])


def test_a_verdict_made_by_hand_is_refused(codec: Codec) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        codec.encode(one_page(spam=Verdict(0.5, 0.0, 0.0, ())))


def test_entries_come_back_exactly() -> None:
    run = Judges.load(Config())
    for document in read([str(SITE)], max_bytes=10**7):
        assert isinstance(document, Snapshot)
        found = read_page(document, run)
        assert not isinstance(found, Failure)
        one = entry(*found)
        back = decode_entry(encode_entry(one))
        for name in ("name", "url", "title", "canonical", "topic", "related", "hosts", "standing", "framed"):
            assert getattr(back, name) == getattr(one, name)
        assert back.vector.dtype == one.vector.dtype and back.vector.tobytes() == one.vector.tobytes()
        assert back.shares.dtype == one.shares.dtype and back.shares.tobytes() == one.shares.tobytes()
