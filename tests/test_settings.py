"""Settings: read once, refused all at once, and told the same in README and doctor."""

import re
from pathlib import Path

import pytest

from app.settings import VARIABLES, WrongSettings, read

README = Path(__file__).parents[1] / "README.md"
GOOD = {
    "SIGNING_KEYS": "a" * 32,
    "REDIS_URL": "redis://localhost:6379/0",
    "DATABASE_URL": "postgresql://localhost/mailtide",
}


def test_little_is_needed_and_the_rest_has_defaults() -> None:
    settings = read(GOOD)

    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8_000, "http://127.0.0.1:8000")
    assert (settings.partitions, settings.deployment_zone, settings.policy_id) == (16, "UTC", "default")
    assert not settings.is_demo


def test_nothing_secret_is_shown_by_accident() -> None:
    assert "aaaa" not in repr(read(GOOD))
    assert "localhost" not in repr(read({**GOOD, "BASE_URL": "https://m.shop.example"}))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SIGNING_KEYS", "", "SIGNING_KEYS is empty: set at least one secret"),
        ("SIGNING_KEYS", f"{'a' * 32},short", "secret 2 has 5 characters; use 32 or more"),
        ("REDIS_URL", "", "REDIS_URL is empty"),
        ("REDIS_URL", "http://localhost", "REDIS_URL must begin with one of redis://, rediss://, unix://"),
        ("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL must begin with one of"),
        ("BASE_URL", "m.shop.example", "BASE_URL must be an http or https address"),
        (
            "BASE_URL",
            "https://m.shop.example/?a=b",
            "BASE_URL must be an http or https address without query",
        ),
        ("PARTITIONS", "0", "PARTITIONS must be a whole number from 1 to 1024"),
        ("PARTITIONS", "many", "it is 'many'"),
        ("PORT", "65536", "PORT must be a whole number from 1 to 65535"),
        ("WEB_CONCURRENCY", "0", "WEB_CONCURRENCY must be a whole number from 1"),
        ("WEB_THREADS", "a", "WEB_THREADS must be a whole number from 1"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES must be a whole number from 0 to 10"),
        ("DEPLOYMENT_ZONE", "Mars/Olympus", "is not an IANA time zone, such as Europe/Paris"),
        ("POLICY_ID", "my policy", "POLICY_ID must be an id"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of info, debug, warning, error"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(name: str, value: str, told: str) -> None:
    with pytest.raises(WrongSettings, match=re.escape(told)):
        read({**GOOD, name: value})


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({"PARTITIONS": "0", "PORT": "x"})

    assert len(str(wrong.value).splitlines()) == 5


@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("mail.local", "http://mail.local:8000"),
    ],
)
def test_the_address_handed_out_follows_where_the_server_listens(host: str, base_url: str) -> None:
    assert read({**GOOD, "HOST": host}).base_url == base_url


def test_the_address_handed_out_ends_without_a_slash() -> None:
    assert read({**GOOD, "BASE_URL": "https://m.shop.example/"}).base_url == "https://m.shop.example"


def test_the_table_in_the_readme_is_the_table_of_the_code() -> None:
    table = re.search(
        r"\| variable \| what it means \| default \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", README.read_text()
    )

    assert table is not None
    assert table[1].splitlines() == [row_of(*variable) for variable in VARIABLES]


def row_of(name: str, meaning: str, default: str) -> str:
    """One line of the table."""
    return f"| {', '.join(f'`{one}`' for one in name.split(', '))} | {meaning} | {default} |"


def test_hosts_that_pictures_may_come_from_are_names() -> None:
    assert (read(GOOD).image_hosts, read(GOOD).image_wait_ms) == ((), 300)
    assert read({**GOOD, "IMAGE_HOSTS": "IMG.shop.example, *.cdn.example"}).image_hosts == (
        "img.shop.example",
        "*.cdn.example",
    )
    for host in (
        "*",
        "*.",
        "localhost",
        "10.0.0.1",
        "https://img.shop.example",
        "img.shop.example:443",
        "*.*.x",
    ):
        with pytest.raises(WrongSettings, match="IMAGE_HOSTS"):
            read({**GOOD, "IMAGE_HOSTS": host})


def test_the_most_bytes_of_a_picture_are_bounded() -> None:
    assert read({**GOOD, "IMAGE_MAX_BYTES": "90000"}).image_max_bytes == 90_000
    for wrong in ("0", "19999", "1000000", "x"):
        with pytest.raises(WrongSettings, match="IMAGE_MAX_BYTES"):
            read({**GOOD, "IMAGE_MAX_BYTES": wrong})


def test_a_folder_of_fonts_must_be_there(tmp_path: Path) -> None:
    assert read(GOOD).fonts_dir is None
    assert read({**GOOD, "FONTS_DIR": str(tmp_path)}).fonts_dir == tmp_path
    with pytest.raises(WrongSettings, match="FONTS_DIR is no folder"):
        read({**GOOD, "FONTS_DIR": str(tmp_path / "nowhere")})


def test_a_file_of_places_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "city.mmdb").write_bytes(b"")

    assert read(GOOD).place_file is None
    assert read({**GOOD, "PLACE_FILE": str(tmp_path / "city.mmdb")}).place_file == tmp_path / "city.mmdb"
    with pytest.raises(WrongSettings, match="PLACE_FILE is no file"):
        read({**GOOD, "PLACE_FILE": str(tmp_path)})


def test_a_weather_provider_is_an_https_address() -> None:
    assert read(GOOD).weather_url == ""
    assert read({**GOOD, "WEATHER_URL": "https://weather.example/v1?apikey=x"}).weather_url.endswith("=x")
    for wrong in ("http://weather.example/", "weather.example", "https://", "https://w.example/" + "x" * 400):
        with pytest.raises(WrongSettings, match="WEATHER_URL must be an https address"):
            read({**GOOD, "WEATHER_URL": wrong})


def test_hosts_that_links_may_lead_to_are_names() -> None:
    assert read(GOOD).link_hosts == ()
    assert read({**GOOD, "LINK_HOSTS": "Shop.example,*.shop.example"}).link_hosts == (
        "shop.example",
        "*.shop.example",
    )
    with pytest.raises(WrongSettings, match=r"LINK_HOSTS: .* is no host name"):
        read({**GOOD, "LINK_HOSTS": "https://shop.example"})


def test_the_deployments_holdout_is_a_percentage() -> None:
    assert read(GOOD).global_holdout_percent == 0
    assert read({**GOOD, "GLOBAL_HOLDOUT_PERCENT": "5"}).global_holdout_percent == 5
    with pytest.raises(WrongSettings, match="GLOBAL_HOLDOUT_PERCENT"):
        read({**GOOD, "GLOBAL_HOLDOUT_PERCENT": "51"})
