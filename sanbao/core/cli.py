"""`sanbao verify`: proves the journal's hash chain, district by district."""

import argparse
import json
from dataclasses import asdict
from typing import Final

from django.utils.translation import gettext

from sanbao.core import ledger
from sanbao.core.models import District
from sanbao.law.workflow import gettext_noop

HOLDS: Final = gettext_noop(
    "%(name)s (%(district)s): the chain holds. %(sealed)s entries sealed, %(unsealed)s waiting. Head: %(head)s"
)
BROKEN: Final = gettext_noop("%(name)s (%(district)s): the chain is BROKEN after %(sealed)s entries. %(fault)s")
FAULTS: Final = {
    "altered": gettext_noop("Entry %(entry)s (link %(number)s) is not as it was sealed."),
    "missing": gettext_noop("Link %(number)s or its entry is missing."),
    "inserted": gettext_noop("Entry %(entry)s claims to be sealed and is in no chain."),
    "cut": gettext_noop("The noted head is not in the chain: its end was cut off, or the chain was made anew."),
}


def main(argv: list[str]) -> int:
    """Print what was found for each district; exit 1 when a chain does not hold."""
    parser = argparse.ArgumentParser("sanbao verify", description="Prove the journal's hash chain.")
    parser.add_argument("--json", action="store_true", help="print the proofs as JSON")
    parser.add_argument("--district", type=int, metavar="CODE", help="only this district")
    parser.add_argument("--noted", default="", metavar="HASH", help="a head hash noted earlier, which the chain must contain")
    options = parser.parse_args(argv)
    found = District.objects.filter(code=options.district) if options.district else District.objects.all()
    names = dict(found.order_by("code").values_list("code", "name"))
    if options.district and not names:
        parser.error(f"there is no district {options.district}")
    if options.noted and len(names) > 1:
        parser.error("--noted needs --district when there are several")
    proofs = [ledger.verify(code, noted=options.noted) for code in names]
    if options.json:
        print(json.dumps([asdict(proof) | {"holds": proof.holds} for proof in proofs], indent=2))
    else:
        for proof in proofs:
            print(_sentence(proof, names[proof.district]))
    return 0 if all(proof.holds for proof in proofs) else 1


def _sentence(proof: ledger.Proof, name: str) -> str:
    facts = asdict(proof) | {"name": name}
    if proof.fault is None:
        return gettext(HOLDS) % facts
    facts["fault"] = gettext(FAULTS[proof.fault.kind]) % asdict(proof.fault)
    return gettext(BROKEN) % facts
