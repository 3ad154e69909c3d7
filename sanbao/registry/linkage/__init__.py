"""Record linkage: which records of two lists are one shop. Pure Python, no Django, no database; any two lists, any language.

`link` finds all probable pairs with reasons, `best_partners` chooses one partner each. Numbers live in `model.toml`, words in
`words.toml`. Method and measurements: docs/adr/0012.
"""

from sanbao.registry.linkage.deciding import best_partners
from sanbao.registry.linkage.items import Item, Pair, Part
from sanbao.registry.linkage.linking import link
from sanbao.registry.linkage.model import Model

__all__ = ["Item", "Model", "Pair", "Part", "best_partners", "link"]
