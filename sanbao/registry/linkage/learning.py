"""Weights and thresholds learned from labelled pairs: pairs of which somebody has said that they are one shop, or two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sanbao.core.errors import Malformed, refuse
from sanbao.core.tables import read_rows
from sanbao.law.workflow import gettext_noop as _
from sanbao.registry.linkage.comparing import Comparer
from sanbao.registry.linkage.deciding import best_partners
from sanbao.registry.linkage.items import Item
from sanbao.registry.linkage.levels import LEVELS
from sanbao.registry.linkage.linking import align, link
from sanbao.registry.linkage.model import Chances, Model, shipped
from sanbao.registry.linkage.table import Reader

SEEN = 30.0  # the model to start from counts as so many labelled pairs
SURE_SHARE = 0.02  # so few of the true pairs may lie below the desk's lower threshold
YES = frozenset({"match", "1", "true", "yes", "same", "是", "匹配", "同一", "y"})
NO = frozenset({"non-match", "nonmatch", "no match", "0", "false", "no", "different", "否", "不匹配", "不同", "n"})

Labels = Mapping[tuple[str, str], bool]
NO_LABELS = _("%(file)s holds no labelled pairs. It wants three columns: id of A, id of B, and match or non-match.")
UNKNOWN_IDS = _("No labelled pair of matches names rows of both files. Are the ids those of the files, A first?")


@dataclass(frozen=True)
class Learned:
    """A model and how well it does on the pairs it was learned from: at its threshold, among the labelled pairs."""

    model: Model
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_labels(path: Path) -> dict[tuple[str, str], bool]:
    """Labelled pairs from a table of three columns; pairs labelled in any other word (uncertain) are left out."""
    found = {}
    for row in read_rows(path.read_bytes(), path.name).rows:
        texts = [*row.texts(), "", "", ""]
        word = texts[2].strip().casefold()
        if word in YES | NO:
            found[texts[0], texts[1]] = word in YES
    if not found:
        raise refuse("no_labels", NO_LABELS, status=Malformed, file=path.name)
    return found


def learn(a: Sequence[Item], b: Sequence[Item], labels: Labels, model: Model | None = None) -> Learned:
    """The model whose chances for one shop come from the pairs labelled so, with the threshold that serves all labelled pairs best."""
    start = model or shipped()
    place_a, place_b = ({item.id: place for place, item in enumerate(items)} for items in (a, b))
    true = [(place_a[one], place_b[two]) for (one, two), same in labels.items() if same and one in place_a and two in place_b]
    if not true:
        raise refuse("unknown_ids", UNKNOWN_IDS, status=Malformed)
    table_a, table_b = Reader().read(a, b)
    align(table_a, table_b)
    compared = Comparer(table_a, table_b).compare(np.array([pair[0] for pair in true]), np.array([pair[1] for pair in true]))
    chances = {field: _chances(start, field, compared.levels[field]) for field in LEVELS}
    share = min(0.9, max(0.1, len(true) / min(len(a), len(b))))
    taught = start.with_chances(chances, share=share)
    return _with_thresholds(taught, a, b, labels)


def _chances(start: Model, field: str, reached: np.ndarray) -> Chances:
    levels = LEVELS[field]
    many = np.bincount(reached, minlength=len(levels) + 1)[1:]
    whole = many.sum() + SEEN
    return {
        level: (float((count + SEEN * start.chances[field][level][0]) / whole), start.chances[field][level][1])
        for level, count in zip(levels, many, strict=True)
    }


def _with_thresholds(model: Model, a: Sequence[Item], b: Sequence[Item], labels: Labels) -> Learned:
    """Try every probability of a labelled pair as threshold; the desk's thresholds enclose where true and false pairs mix."""
    pairs = link(a, b, model=model, floor=0.001)
    said = {(pair.id_a, pair.id_b): pair.probability for pair in pairs if (pair.id_a, pair.id_b) in labels}
    partners = {
        (pair.id_a, pair.id_b): pair.probability for pair in best_partners(pairs, 0.0) if (pair.id_a, pair.id_b) in labels
    }
    matches = sum(labels.values())
    steps = sorted({0.0, *partners.values()})
    tried = [(_quality(partners, labels, matches, step), step) for step in steps]
    best = max(tried, key=lambda one: (one[0][2], one[1]))
    below = max((step for step in steps if step < best[1]), default=0.0)
    threshold = min(0.95, max(0.05, (best[1] + below) / 2))
    true = [said.get(pair, 0.0) for pair, same in labels.items() if same]
    false = [said.get(pair, 0.0) for pair, same in labels.items() if not same]
    lower = min(threshold / 2, max(0.01, float(np.quantile(true, SURE_SHARE))))
    upper = max((1 + threshold) / 2, min(0.99, max(false, default=model.upper)))
    precision, recall, _f1 = best[0]
    return Learned(replace(model, threshold=round(threshold, 3), lower=round(lower, 3), upper=round(upper, 3)), precision, recall)


def _quality(partners: Mapping[tuple[str, str], float], labels: Labels, matches: int, least: float) -> tuple[float, float, float]:
    chosen = [labels[pair] for pair, probability in partners.items() if probability >= least]
    return quality(sum(chosen), len(chosen), matches)


def quality(right: int, chosen: int, matches: int) -> tuple[float, float, float]:
    """Precision, recall and F1 from the numbers of right pairs, chosen pairs and true pairs."""
    precision, recall = right / chosen if chosen else 1.0, right / matches if matches else 1.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def judged(chosen: Iterable[tuple[str, str]], truth: set[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of chosen pairs against all true pairs."""
    given = set(chosen)
    return quality(len(given & truth), len(given), len(truth))
