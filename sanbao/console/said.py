"""What a merchant has said about a problem, as the problem's page shows it."""

from typing import Any

from sanbao.core import files
from sanbao.problems.models import Finding
from sanbao.problems.voices import queries


def said_about(finding: Finding) -> dict[str, Any]:
    """Its proofs with their photos, its objections, the newest first, and its own report that keeps an order away (`shield`)."""
    said = queries.said_about(finding)
    for proof in said["proofs"]:
        proof.photos = list(files.attachments(proof, "proof"))
    return {**said, "shield": queries.shielding_report(finding)}
