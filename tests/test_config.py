"""Settings: defaults, then config.toml, then the environment; what is wrong refuses to start and says why."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from annotator import config
from annotator.errors import Misconfigured

KEY = "k" * config.MINIMUM_KEY_LENGTH


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def load(instance: Path, environ: dict[str, str] | None = None, **overrides):
    return config.load({"instance": instance, **overrides}, environ or {})


def write(instance: Path, toml: str) -> None:
    instance.mkdir(exist_ok=True)
    (instance / "config.toml").write_text(toml, encoding="utf-8")


def test_the_defaults_need_no_file(instance):
    settings = load(instance)
    assert settings.database() == f"sqlite:///{instance / 'annotator.sqlite3'}"
    assert settings.session_idle_hours == 12
    assert not settings.secure


def test_later_sources_win(instance):
    assert load(instance).link_hours == 72
    write(instance, "link_hours = 48\nproxies = 1\n")
    assert load(instance).link_hours == 48
    environ = {"ANNOTATOR_LINK_HOURS": "24"}
    assert load(instance, environ).link_hours == 24
    assert load(instance, environ, link_hours=12).link_hours == 12
    assert load(instance, environ, link_hours=12).proxies == 1


def test_the_environment_says_where_the_instance_is(instance):
    write(instance, "link_hours = 5")
    settings = config.load(None, {"ANNOTATOR_INSTANCE": str(instance), "PATH": "/bin"})
    assert settings.instance == instance
    assert settings.link_hours == 5


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("link_hour = 5", "link_hour"),
        ("link_hours = ", "not valid TOML"),
        ('link_hours = "many"', "whole number"),
        ("[section]\nname = 1", "section"),
    ],
)
def test_a_wrong_file_refuses_to_start_and_names_the_place(instance, toml, words):
    write(instance, toml)
    with pytest.raises(Misconfigured, match=words):
        load(instance)


def test_an_unreadable_file_is_named(instance):
    instance.mkdir()
    (instance / "config.toml").write_bytes(b"base_url = '\xff'")
    with pytest.raises(Misconfigured, match=r"config\.toml"):
        load(instance)


def test_a_wrong_number_in_the_environment_is_named(instance):
    with pytest.raises(Misconfigured, match="'proxies' must be a whole number"):
        load(instance, {"ANNOTATOR_PROXIES": "two"})


def test_variables_of_others_are_left_alone(instance):
    """Container platforms make such names for a service called annotator."""
    assert load(instance, {"ANNOTATOR_PORT": "tcp://10.0.0.1:80", "ANNOTATOR_SERVICE_HOST": "10.0.0.1"}) == load(
        instance
    )


def test_an_unknown_override_is_a_mistake(instance):
    with pytest.raises(Misconfigured, match="no setting 'colour'"):
        load(instance, colour="red")


@pytest.mark.parametrize("key", ["short", "k" * (config.MINIMUM_KEY_LENGTH - 1), "changeme", "dev"])
def test_short_and_known_keys_refuse_to_start(instance, key):
    with pytest.raises(Misconfigured, match="annotator init"):
        load(instance, secret_key=key)
    instance.mkdir()
    (instance / "secret_key").write_text(key)
    with pytest.raises(Misconfigured, match="annotator init"):
        load(instance)


def test_the_made_key_is_random_its_owners_only_and_kept(instance, tmp_path):
    config.make_secret_key(instance)
    key = load(instance).secret_key
    assert len(key) >= config.MINIMUM_KEY_LENGTH
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    config.make_secret_key(instance)
    assert load(instance).secret_key == key
    config.make_secret_key(tmp_path / "other")
    assert load(tmp_path / "other").secret_key != key


def test_the_folder_and_the_database_are_made_for_their_owner_only(instance):
    config.make_secret_key(instance)
    config.make_database_file(load(instance))
    database = instance / "annotator.sqlite3"
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    database.write_bytes(b"kept")
    config.make_database_file(load(instance))
    assert database.read_bytes() == b"kept"


def test_no_file_is_made_for_a_database_that_is_no_file(instance):
    config.make_secret_key(instance)
    config.make_database_file(load(instance, database_url="postgresql+psycopg://localhost/annotator"))
    assert [path.name for path in instance.iterdir()] == ["secret_key"]


def test_a_given_key_wins_over_the_stored_one(instance):
    config.make_secret_key(instance)
    assert load(instance, {"ANNOTATOR_SECRET_KEY": KEY}).secret_key == KEY


@pytest.mark.parametrize(("address", "secure"), [("https://a.org", True), ("http://a.org", False), ("", False)])
def test_https_makes_it_secure(instance, address, secure):
    assert load(instance, base_url=address).secure is secure


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/a.sqlite3", "sqlite:////tmp/a.sqlite3"),
    ],
)
def test_the_database_can_be_elsewhere(instance, given, used):
    assert load(instance, {"ANNOTATOR_DATABASE_URL": given}).database() == used
