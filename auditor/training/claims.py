"""Claim figures: how often a claim is one, and how many are found, on sentences that nobody saw who wrote the wordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.features.claims import claims_in
from auditor.training.figures import counted


def sentences() -> list[tuple[bool, str, str]]:
    """(whether it makes the claim, group, sentence); half of them are traps."""
    lines = (Path(__file__).parent / "data" / "claims.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(kind == "claim", group, text) for kind, group, text in rows]


def claim_figures() -> dict[str, Any]:
    """Precision and recall of claims that are sure; the traps in which anything at all is found; how often the group is right."""
    told = [(made, group, claims_in(text)) for made, group, text in sentences()]
    sure = [(made, group, [claim.group for claim in found if claim.sure]) for made, group, found in told]
    flagged = [(made, group, groups) for made, group, groups in sure if groups]
    return {
        "precision": counted(sum(made for made, _, _ in flagged), len(flagged)),
        "recall": counted(sum(made for made, _, _ in flagged), sum(made for made, _, _ in sure)),
        "traps_flagged": counted(sum(not made for made, _, _ in flagged), sum(not made for made, _, _ in sure)),
        "group_right": counted(sum(made and group in groups for made, group, groups in flagged), len(flagged)),
    }
