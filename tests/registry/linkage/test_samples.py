"""Linkage quality on the labelled samples beside the project; skipped where they are not."""

import csv
from pathlib import Path

import pytest

from sanbao.registry.linkage import Item, best_partners, link
from sanbao.registry.linkage.files import read_list
from sanbao.registry.linkage.learning import judged, learn, read_labels

SAMPLES = Path(__file__).resolve().parents[4] / "shared/data/record_linkage"
FALLBACK = Path("/work/shared/data/record_linkage")
FOLDER = SAMPLES if SAMPLES.is_dir() else FALLBACK
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the labelled samples are not beside this copy of the project")


def sample(name: str) -> list[Item]:
    return read_list(FOLDER / f"{name}.csv", {}).items


def found(a: list[Item], b: list[Item]) -> set[tuple[str, str]]:
    return {(pair.id_a, pair.id_b) for pair in best_partners(link(a, b))}


@pytest.fixture
def platforms():
    names = ("chengdu_two_platforms_sample_list_a_meituan", "chengdu_two_platforms_sample_list_b_eleme_baidu")
    return tuple(map(sample, names))


def test_two_delivery_platforms_of_chengdu(platforms):
    with (FOLDER / "chengdu_two_platforms_sample_pairs_labelled.csv").open(encoding="utf-8") as file:
        labels = {(row["id_a"], row["id_b"]): row["label"] for row in csv.DictReader(file)}
    truth = {pair for pair, label in labels.items() if label == "match"}
    uncertain = {pair for pair, label in labels.items() if label == "uncertain"}
    assert judged(found(*platforms) - uncertain, truth)[2] >= 0.97


def test_a_register_and_a_field_census_of_chicago():
    with (FOLDER / "chicago_food_sample_truth.csv").open(encoding="utf-8") as file:
        truth = {(row["reg_id"], row["field_id"]) for row in csv.DictReader(file) if row["kind"] == "both"}
    pairs = found(sample("chicago_food_sample_register"), sample("chicago_food_sample_field_census"))
    assert judged(pairs, truth)[2] >= 0.98


def test_a_model_learned_from_half_of_the_labels_serves_the_other_half(platforms):
    labels = read_labels(FOLDER / "chengdu_two_platforms_sample_pairs_labelled.csv")
    half = dict(list(labels.items())[::2])
    learned = learn(*platforms, half)
    chosen = {(pair.id_a, pair.id_b) for pair in best_partners(link(*platforms, model=learned.model), learned.model.threshold)}
    others = {pair for pair in labels if pair not in half}
    assert judged(chosen & others, {pair for pair in others if labels[pair]})[2] >= 0.93
