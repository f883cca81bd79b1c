"""Write the generated parts of the README (checks, the tables' columns, the models' figures), or with --check say if they are current."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def checks() -> str:
    """The table of checks."""
    from auditor.checks import all_checks

    rows = [f"| `{c.id}` | {c.title} | {c.severity} | {c.group} |" for c in all_checks().values()]
    return "\n".join(["| check | what is wrong | severity | group |", "|---|---|---|---|", *rows])


def columns() -> str:
    """The columns of the tables that `--tables` writes."""
    from auditor.render.tables.rows import COLUMNS

    kinds = {str: "text", int: "whole number", float: "number"}
    rows = [
        f"| {table} | `{c.name}` | {kinds[c.type]} | {c.holds} |" for table, listed in COLUMNS.items() for c in listed
    ]
    return "\n".join(["| table | column | type | is |", "|---|---|---|---|", *rows])


def _share(found: dict[str, Any]) -> str:
    low, high = found["interval"]
    return f"{found['value']:.1%} of {found['count']:,} ({low:.1%}–{high:.1%})"


def figures() -> str:
    """The headline figures, worst first within each question."""
    link, related, spam, quality, subject, health = (
        json.loads((ROOT / "models" / name / "metrics.json").read_text(encoding="utf-8"))
        for name in ("link", "related", "page/spam", "page/quality", "health/subject", "health/quality")
    )
    hosts = sorted(link["hosts"].items(), key=lambda item: item[1]["recall"]["value"])
    kinds = sorted(link["left_out_families"].items(), key=lambda item: item[1]["value"])
    rows = [
        (f"**Planted links found, worst kind never trained on** ({kinds[0][0]})", f"**{_share(kinds[0][1])}**"),
        (
            f"**Planted links found, worst hacked host never seen** ({hosts[0][0]})",
            f"**{_share(hosts[0][1]['recall'])}**",
        ),
        ("Planted links found, other hacked hosts never seen", ""),
    ]
    rows += [(f"{name}", _share(found["recall"])) for name, found in hosts[1:]]
    rows += [("Planted links found, other kinds never trained on", "")]
    rows += [(name, _share(found)) for name, found in kinds[1:]]
    rows += [("all of these at: editorial links of unseen clean sites flagged", _share(link["editorial_flagged"]))]
    rows += [("a planted link is the most suspicious of its page", _share(link["ranked_first"]))]
    rows += [("**Spam posts labelled spam**, English, on a hacked host never seen", "")]
    audited = spam["audited"]
    posts = sorted(audited["hosts"].items(), key=lambda item: item[1]["spam_posts_spam"]["value"])
    rows += [(name, _share(found["spam_posts_spam"])) for name, found in posts]
    rows += [("spam posts in any language labelled spam or low quality", "")]
    rows += [(name, _share(found["any_language_not_clean"])) for name, found in posts]
    honest = [found["honest_spam"] for found in audited["hosts"].values()]
    hits, count = sum(h["hits"] for h in honest), sum(h["count"] for h in honest)
    rows += [("honest posts of the same hosts labelled spam", f"{hits} of {count}")]
    rows += [("**Clean pages** of unseen sites labelled spam", _share(audited["clean_spam"]))]
    rows += [("clean pages labelled spam or low quality", _share(audited["clean_not_clean"]))]
    rows += [("spam findings on a clean page, on average", f"{audited['clean_alarms_a_page']:.2f}")]
    rows += [("**Off-topic related posts found** at 1 % of genuine blocks", _share(related["recall"]))]
    rows += [
        ("telling related posts on the same subject from another site's: AUC", f"{related['same_subject']['auc']:.2f}")
    ]
    farms = sorted(quality["farms"].items(), key=lambda item: item[1]["recall"]["value"])
    rows += [("**Low-quality articles found** by set, each farm unseen", "")]
    rows += [(name.removeprefix("farm_"), _share(found["recall"])) for name, found in farms]
    rows += _health(subject, health)
    return "\n".join(
        ["| figure | measured (95 % interval) |", "|---|---|", *(f"| {title} | {value} |" for title, value in rows)]
    )


def _health(subject: dict[str, Any], health: dict[str, Any]) -> list[tuple[str, str]]:
    sondhi, carried = health["sondhi_flagged"], health["carried"]
    worst = min(health["criteria"].items(), key=lambda item: item[1]["f1_weighted"])
    return [
        ("**Health advice taken for health**, on sites never seen", _share(subject["advice_found"])),
        ("pages on other subjects taken for health", _complement(subject["other_left_alone"])),
        ("**Unreliable health pages flagged** (Sondhi, hosts never seen)", _share(sondhi["unreliable"])),
        ("reliable ones flagged", _share(sondhi["reliable"])),
        (
            "telling the two apart: AUC (by explainable features alone)",
            f"{health['sondhi_auc']:.2f} ({health['sondhi_auc_features_alone']:.2f})",
        ),
        ("the same without having learned from any such collection: AUC", f"{carried['farms_to_sondhi']['auc']:.2f}"),
        ("health advice of WCXB's sites flagged", _share(health["good_flagged_by_set"]["wcxb_dev"])),
        ("health advice of a farm never seen flagged (hownestly)", _share(health["farms"]["farm_hownestly"]["recall"])),
        (
            f"press releases judged as raters did, worst of three criteria ({worst[0]}): F1, weighted (mean of both answers)",
            f"{worst[1]['f1_weighted']:.2f} ({worst[1]['f1_macro']:.2f})",
        ),
    ]


def _complement(found: dict[str, Any]) -> str:
    low, high = found["interval"]
    return f"{1 - found['value']:.1%} of {found['count']:,} ({1 - high:.1%}–{1 - low:.1%})"


def filled(text: str) -> str:
    """The README with its generated parts made anew."""
    for name, make in (("checks", checks), ("columns", columns), ("figures", figures)):
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda m, make=make: f"{m[1]}{make()}\n{m[2]}",
            text,
            flags=re.DOTALL,
        )
    return text


def main() -> int:
    """Exit code 1 with --check where the README is stale."""
    text = README.read_text(encoding="utf-8")
    new = filled(text)
    if "--check" in sys.argv[1:]:
        if new != text:
            print("README.md is stale; run python scripts/readme.py", file=sys.stderr)
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
