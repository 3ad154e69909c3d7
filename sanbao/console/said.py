"""What a merchant has said about a problem, as the problem's page shows it."""

from typing import Any

from sanbao.core import files
from sanbao.problems.models import Finding
from sanbao.problems.voices import queries


def said_about(finding: Finding) -> dict[str, list[Any]]:
    """Its proofs with their photos, and its objections, the newest first."""
    said = queries.said_about(finding)
    for proof in said["proofs"]:
        proof.photos = list(files.attachments(proof, "proof"))
    return {name: list(rows) for name, rows in said.items()}
