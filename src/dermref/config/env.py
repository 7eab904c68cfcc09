"""Reads and checks the environment. A wrong value stops the start with one sentence that names the setting."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from dermref.model.asking import Operator, OperatorKind
from dermref.model.deployment import DataciteAccount, WrongSetting
from dermref.model.hosts import is_own_name
from dermref.model.media import AHEAD, MediaType, Rung, Size

TRUE = frozenset({"1", "true", "yes", "on"})
FOLDERS = ("ISIC_IMAGES_PATH",)  # which source's files lie there: its registry row says so (ingest.local_originals)
BUCKET_OPTIONS = ("endpoint_url", "region_name", "addressing_style")
DATACITE = "https://api.datacite.org"
DOI_PREFIX = re.compile(r"10\.[0-9]{4,9}")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?")
FALSE = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Environment:
    """Every setting of dermref, checked; the names in docs/settings.md."""

    data_dir: Path
    database_url: str
    operator: Operator
    dev_images: bool
    contact: str | None
    allowed_hosts: tuple[str, ...]
    secret_key: str
    debug: bool
    store: Mapping[str, str] | None
    originals: Mapping[str, Path]
    ahead: tuple[Rung, ...]
    https: bool
    datacite: DataciteAccount | None


def read_environment(env: Mapping[str, str] | None = None) -> Environment:
    """The settings from `env` (the process's own by default, completed by a `.env` file in the working folder).

    Raises WrongSetting with one sentence.
    """
    values = {**_dotenv(Path(".env")), **os.environ} if env is None else dict(env)
    data_dir = Path(values.get("DERMREF_DATA_DIR") or "data").expanduser().resolve()
    if _flag(values, "DERMREF_HTTPS") and "*" in _hosts(values):
        raise WrongSetting("DERMREF_ALLOWED_HOSTS is “*”; with DERMREF_HTTPS name the hosts, or nobody can sign in")
    return Environment(
        data_dir=data_dir,
        database_url=_database_url(values, data_dir),
        operator=Operator(_operator_kind(values), _flag(values, "DERMREF_PAYWALL"), domains=_domains(_hosts(values))),
        dev_images=_flag(values, "DEV_IMAGES_ENABLED"),
        contact=_contact(values),
        allowed_hosts=_hosts(values),
        secret_key=values.get("DERMREF_SECRET_KEY") or _kept_secret(data_dir),
        debug=_flag(values, "DERMREF_DEBUG"),
        store=_bucket(values.get("DERMREF_STORE", "").strip()),
        originals=_folders(values),
        ahead=_rungs(values.get("DERMREF_RENDITIONS_AHEAD", "").strip()),
        https=_flag(values, "DERMREF_HTTPS"),
        datacite=_datacite(values),
    )


def _flag(values: Mapping[str, str], name: str) -> bool:
    raw = values.get(name, "").strip().lower()
    if raw not in TRUE | FALSE:
        raise WrongSetting(f"{name} is “{raw}”; say 1 or 0")
    return raw in TRUE


def _operator_kind(values: Mapping[str, str]) -> OperatorKind:
    raw = values.get("DERMREF_OPERATOR") or OperatorKind.INDIVIDUAL
    try:
        return OperatorKind(raw)
    except ValueError:
        raise WrongSetting(f"DERMREF_OPERATOR is “{raw}”; say one of {', '.join(OperatorKind)}") from None


def _database_url(values: Mapping[str, str], data_dir: Path) -> str:
    raw = values.get("DATABASE_URL") or f"sqlite:///{data_dir / 'dermref.sqlite3'}"
    if not raw.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return raw


def _contact(values: Mapping[str, str]) -> str | None:
    raw = values.get("DERMREF_CONTACT", "").strip()
    if raw and "@" not in raw and not raw.startswith(("https://", "http://")):
        raise WrongSetting("DERMREF_CONTACT must be an e-mail address or a web address")
    if not raw.isprintable():
        raise WrongSetting("DERMREF_CONTACT has a character that no header may carry")
    return raw or None


def _hosts(values: Mapping[str, str]) -> tuple[str, ...]:
    raw = values.get("DERMREF_ALLOWED_HOSTS", "")
    return tuple(host.strip() for host in raw.split(",") if host.strip()) or ("localhost", "127.0.0.1", "[::1]")


def _domains(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The names this site answers to in public: without those of the machine itself."""
    return tuple(host for host in hosts if not is_own_name(host))


def _bucket(raw: str) -> Mapping[str, str] | None:
    """What the S3 client is told, or None for the data folder."""
    if not raw:
        return None
    try:
        url = urlsplit(raw)
        options = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
    except ValueError:
        raise WrongSetting("DERMREF_STORE cannot be read; say s3://bucket/prefix?endpoint_url=…") from None
    if url.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", url.netloc) or url.fragment:
        raise WrongSetting("DERMREF_STORE must be s3://bucket or s3://bucket/prefix, options after a question mark")
    if unknown := sorted({*options} - {*BUCKET_OPTIONS}):
        raise WrongSetting(f"DERMREF_STORE has “{unknown[0]}”, which is none of {', '.join(BUCKET_OPTIONS)}")
    if not options.get("endpoint_url", "https://").startswith(("https://", "http://")):
        raise WrongSetting("DERMREF_STORE has an endpoint_url that is no web address")
    if options.get("addressing_style", "auto") not in ("auto", "path", "virtual"):
        raise WrongSetting("DERMREF_STORE has an addressing_style that is none of auto, path, virtual")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise WrongSetting("DERMREF_STORE needs the extra “s3”; install dermref[s3]")
    return {"bucket_name": url.netloc, "location": url.path.strip("/"), **options}


def _folders(values: Mapping[str, str]) -> Mapping[str, Path]:
    named = {name: Path(values[name]).expanduser() for name in FOLDERS if values.get(name)}
    for name, folder in named.items():
        if not folder.is_dir():
            raise WrongSetting(f"{name} {folder} is not a folder")
    return {name: folder.resolve() for name, folder in named.items()}


def _rungs(raw: str) -> tuple[Rung, ...]:
    """Renditions by name, such as `small.webp,medium.jpeg`."""
    if raw in ("", "none"):
        return () if raw else AHEAD
    known = {f"{size}.{kind.name.lower()}": Rung(size, kind) for size in Size for kind in MediaType}
    names = [name.strip() for name in raw.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise WrongSetting(f"DERMREF_RENDITIONS_AHEAD has “{unknown[0]}”; say none, or some of {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(names))


def _datacite(values: Mapping[str, str]) -> DataciteAccount | None:
    """The repository at DataCite: all of it, or None. No sentence ever holds the password."""
    url = values.get("DERMREF_DATACITE_URL", "").strip().rstrip("/")
    own = {
        "DERMREF_DATACITE_PREFIX": values.get("DERMREF_DATACITE_PREFIX", "").strip(),
        "DERMREF_DATACITE_REPOSITORY": values.get("DERMREF_DATACITE_REPOSITORY", "").strip(),
        "DERMREF_DATACITE_PASSWORD": values.get("DERMREF_DATACITE_PASSWORD", ""),
    }
    if not url and not any(own.values()):
        return None
    missing = [name for name, value in own.items() if not value]
    if missing:
        raise WrongSetting(f"{missing[0]} is missing; to register DOIs set {', '.join(own)}, or none of them")
    prefix, repository, password = own.values()
    if not DOI_PREFIX.fullmatch(prefix):
        raise WrongSetting(f"DERMREF_DATACITE_PREFIX is “{prefix}”; a prefix looks like 10.12345")
    if not re.fullmatch(r"[A-Za-z0-9.-]+", repository):
        raise WrongSetting(f"DERMREF_DATACITE_REPOSITORY is “{repository}”; a repository looks like ABCD.ARCHIVE")
    if url and not (re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]+)?", url) or LOOPBACK.fullmatch(url)):
        raise WrongSetting("DERMREF_DATACITE_URL must be https:// and a host; over http the password could be read")
    return DataciteAccount(url or DATACITE, prefix, repository, password)


def _kept_secret(data_dir: Path) -> str:
    """A secret made once and kept in the data folder, readable by its owner alone."""
    path = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise WrongSetting(f"DERMREF_DATA_DIR {data_dir} cannot be used: {error.strerror}") from None
    return path.read_text(encoding="utf-8").strip()


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs if not key.strip().startswith("#")}
