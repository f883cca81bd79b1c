"""The language models as shipped, and what happens when their files are not as shipped."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ModelError
from auditor.language import load, models_folder, read
from auditor.language.phrases import marks
from auditor.language.vectors import cosine
from auditor.language.words import STOPWORDS, tokens

KETAMINE = (
    "Ketamine infusions are being studied for addiction and depression. Patients who did not respond to "
    "antidepressants report fewer symptoms after treatment, and therapy helps them keep the change."
)
PETS = "A soft bed helps your puppy sleep. Wash the cover often, and keep the kennel away from the cat's litter box."
KITCHEN = "Choose kitchen appliances by size: measure the countertops, the oven and the refrigerator before you buy."


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(models_folder() / "language", tmp_path / "language"))


def _vector(text: str) -> np.ndarray:
    return load().vectors.mean(tokens(text))


def test_a_title_is_nearer_to_its_own_article_than_to_another() -> None:
    own = cosine(_vector("Can ketamine help people with addiction?"), _vector(KETAMINE))
    other = cosine(_vector("The best eco-friendly pet beds"), _vector(KETAMINE))
    assert own > 0.5
    assert other < 0.25


def test_mean_is_of_unit_length_or_zero() -> None:
    assert np.linalg.norm(_vector(KETAMINE)) == pytest.approx(1, abs=1e-5)
    assert not np.any(_vector("the of and 12 zzqqxxv"))


def test_cosine_with_nothing_known_is_nan() -> None:
    assert math.isnan(cosine(_vector(""), _vector(KETAMINE)))


def test_ids_drop_the_unknown_and_fall_back_to_the_stem() -> None:
    vectors = load().vectors
    assert [vectors.words[row] for row in vectors.ids(["the", "zzqqxxv", "ketamine", "42"])] == ["ketamine"]
    assert vectors.index["therapist's"] == vectors.index["therapist"]


def test_idf_is_zero_for_function_words_and_highest_for_unknown_ones() -> None:
    vectors = load().vectors
    assert vectors.idf("the") == 0
    assert 0 < vectors.idf("people") < vectors.idf("ketamine") <= vectors.idf("zzqqxxv")
    assert not STOPWORDS & set(vectors.words)


def test_weights_follow_the_ids() -> None:
    vectors = load().vectors
    ids = vectors.ids(["people", "ketamine"])
    assert vectors.weights(ids).tolist() == [vectors.idf("people"), vectors.idf("ketamine")]


def test_matrix_rows_are_the_vectors() -> None:
    vectors = load().vectors
    row = vectors.index["kitchen"]
    assert cosine(vectors.matrix[row], vectors.mean(["kitchen"])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (KETAMINE, "Health"),
        (PETS, "Pets"),
        (KITCHEN, "Home & Garden"),
        ("Play slots and roulette at the online casino and claim your bonus spins", "Gambling"),
        ("The midfielder scored twice as the team won the league match", "Sports"),
        ("Compare mortgage rates and pay off your credit card debt", "Personal Finance"),
        ("Personal injury lawyer: file a claim after your accident", "Law"),
    ],
)
def test_plain_cases_get_their_topic(text: str, topic: str) -> None:
    assert load().topics.top(_vector(text)) == topic


def test_shares_sum_to_one_alone_and_in_a_batch() -> None:
    topics = load().topics
    batch = np.stack([_vector(KETAMINE), _vector(PETS), _vector("")])
    shares = topics.shares(batch)
    assert shares.shape == (3, len(topics.names))
    assert shares[:2].sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert np.isnan(shares[2]).all()
    assert topics.shares(batch[0]) == pytest.approx(shares[0], abs=1e-6)
    assert topics.top(batch[2]) == ""


def test_a_wedged_phrase_is_better_gone_and_a_subject_is_not() -> None:
    phrases = load().phrases
    wedged = phrases.wedge(
        marks("The team says that it will"), marks("casino online"), marks("publish the results of the study in May.")
    )
    honest = phrases.wedge(
        marks("The team at"), marks("Johns Hopkins University"), marks("published the results of the study in May.")
    )
    assert wedged.gain > 1 > 0 > honest.gain
    assert wedged.pair_gain > honest.pair_gain
    assert wedged.joined > honest.joined


def test_grammar_is_likelier_in_order_than_reversed() -> None:
    phrases = load().phrases
    sentence = marks("The patients were treated with the drug for two weeks, and most of them got better.")
    assert phrases.seams(sentence).sum() > phrases.seams(sentence[::-1]).sum() + 10
    assert phrases.logp("of", "the") > phrases.logp("the", "of")
    assert phrases.couple("blood", "pressure")[1] > 1


def test_nothing_to_the_right_is_nan_and_no_phrase_is_nan() -> None:
    phrases = load().phrases
    assert math.isnan(phrases.deletion_gain(marks("We saw"), marks("it"), []))
    assert all(map(math.isnan, astuple(phrases.wedge(marks("We"), [], marks("saw it")))))


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=200))
def test_any_text_can_be_judged(left: str, phrase: str, right: str) -> None:
    language = load()
    sentence = marks(left)
    steps = language.phrases.seams(sentence)
    assert steps.shape == (len(sentence),)
    assert np.isfinite(steps).all()
    assert (steps <= 0.01).all()
    wedge = language.phrases.wedge(sentence, marks(phrase), marks(right))
    assert math.isnan(wedge.gain) == (not marks(phrase) or not marks(right))
    vector = language.vectors.mean(tokens(left))
    assert np.isfinite(vector).all()


def test_every_declared_file_has_its_declared_hash() -> None:
    import hashlib

    folder = models_folder() / "language"
    declared = json.loads((folder / "model.json").read_text(encoding="utf-8"))["sha256"]
    assert declared == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in declared}


def test_files_stay_within_their_budget() -> None:
    assert sum(path.stat().st_size for path in (models_folder() / "language").iterdir()) < 12_000_000


@pytest.mark.parametrize(
    "name", ["vectors.npy", "idfs.npy", "phrase_triples.npy", "topic_coefficients.npy", "words.txt"]
)
def test_a_truncated_file_is_a_model_error(copied: Path, name: str) -> None:
    path = copied / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelError, match=name):
        read(copied)


@pytest.mark.parametrize("name", ["vectors.npy", "phrase_classes.npy", "words.txt", "model.json"])
def test_a_missing_file_is_a_model_error(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelError):
        read(copied)


def test_an_array_of_another_shape_or_type_is_a_model_error(copied: Path) -> None:
    np.save(copied / "idfs.npy", np.zeros(3, np.float32))
    with pytest.raises(ModelError, match=r"idfs\.npy"):
        read(copied)


def test_objects_are_never_unpickled(copied: Path) -> None:
    np.save(copied / "idfs.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ModelError, match=r"idfs\.npy"):
        read(copied)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}', '{"format": 1, "version": "x"}', "[" * 100_000])
def test_a_damaged_description_is_a_model_error(copied: Path, text: str) -> None:
    (copied / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        read(copied)


def test_the_environment_names_the_models_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_MODELS", str(tmp_path))
    assert models_folder() == tmp_path
    monkeypatch.setenv("AUDITOR_MODELS", str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="AUDITOR_MODELS"):
        models_folder()


def test_loading_imports_no_training_library() -> None:
    code = (
        "import sys; from auditor.language import load; load();"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'sklearn', 'scipy', 'selectolax', 'bs4'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
