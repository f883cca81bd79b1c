"""Write the generated parts of the README (the table of checks, the models' figures), or with --check say whether they are current."""

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


def _share(found: dict[str, Any]) -> str:
    low, high = found["interval"]
    return f"{found['value']:.1%} of {found['count']:,} ({low:.1%}–{high:.1%})"


def figures() -> str:
    """The headline figures, worst first within each question."""
    link, related, spam, quality = (
        json.loads((ROOT / "models" / name / "metrics.json").read_text(encoding="utf-8"))
        for name in ("link", "related", "page/spam", "page/quality")
    )
    rows = [("**Planted links found**, at 1 % of editorial links flagged, by hacked host", "")]
    hosts = sorted(link["hosts"].items(), key=lambda item: item[1]["recall"]["value"])
    rows += [(f"{name}", _share(found["recall"])) for name, found in hosts]
    rows += [("editorial links of unseen clean sites flagged: suspicious", _share(link["editorial_flagged"]))]
    if "left_out_families" in link:
        worst = sorted(link["left_out_families"].items(), key=lambda item: item[1]["value"])
        rows += [("**Planted links of a kind never trained on** (worst kinds)", "")]
        rows += [(name, _share(found)) for name, found in worst[:4]]
    rows += [("**Spam posts found** on an unseen hacked host", "")]
    rows += [
        (n, _share(f["recall"])) for n, f in sorted(spam["hosts"].items(), key=lambda item: item[1]["recall"]["value"])
    ]
    honest = [f["honest_flagged"] for f in spam["hosts"].values()]
    hits, count = sum(h["hits"] for h in honest), sum(h["count"] for h in honest)
    rows += [("honest posts of the same hosts called spam", f"{hits} of {count}")]
    rows += [("**Clean pages** called spam by the model", _share(spam["clean_flagged"]))]
    rows += [("clean pages called spam or low quality by the models", _share(spam["clean_pages_not_clean"]))]
    rows += [("**Off-topic related posts found** at 1 % of genuine blocks", _share(related["recall"]))]
    farms = sorted(quality["farms"].items(), key=lambda item: item[1]["recall"]["value"])
    rows += [("**Low-quality articles found** by set, each farm unseen", "")]
    rows += [(name.removeprefix("farm_"), _share(found["recall"])) for name, found in farms]
    return "\n".join(
        ["| figure | measured (95 % interval) |", "|---|---|", *(f"| {title} | {value} |" for title, value in rows)]
    )


def filled(text: str) -> str:
    """The README with its generated parts made anew."""
    for name, make in (("checks", checks), ("figures", figures)):
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
