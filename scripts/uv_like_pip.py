"""Run uv with what pip is configured with on this machine: ``python scripts/uv_like_pip.py pip install …``.

uv reads neither pip.conf nor PIP_*. Mirrors, further indexes, folders of wheels, constraints, certificates and proxies are asked
from ``pip config list`` and told to uv by its own variables; those that are set already stay. When uv is missing or fails,
pip itself installs. Needs nothing but the pip of the Python that runs it.
"""

from __future__ import annotations

import ast
import os
import re
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LEVELS = ("global", "install", ":env:")
"""Sections of pip's configuration, the later wins; `pip config list` has merged the files of machine, user and venv before."""
_ENTRY = re.compile(r"(?P<section>[^.=]+)\.(?P<key>[^=]+)=(?P<value>.*)")
_CREDENTIALS = re.compile(r"(?<=://)[^\s@]+@")
_SAME_MEANING = {
    "UV_DEFAULT_INDEX": ("UV_INDEX_URL",),
    "UV_INDEX": ("UV_EXTRA_INDEX_URL",),
}
"""Variables of uv by which somebody may have said the same under an older name."""


@dataclass
class Translated:
    """Variables and flags for uv. ``flags``: for what has no variable."""

    env: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)


def effective_options(listing: str) -> dict[str, str]:
    """Option → value, as `pip install` would see it. ``listing``: what `pip config list` prints, ``section.key='value'`` a line."""
    found: dict[str, dict[str, str]] = {level: {} for level in _LEVELS}
    for line in listing.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry is None or entry["section"] not in found:
            continue
        try:
            value = ast.literal_eval(entry["value"])
        except (ValueError, SyntaxError):
            continue
        if isinstance(value, str) and value.strip():
            found[entry["section"]][entry["key"].lower().replace("_", "-")] = value.strip()
    return {key: value for level in _LEVELS for key, value in found[level].items()}


def translate(options: Mapping[str, str], environ: Mapping[str, str], *, system_certs: bool) -> Translated:
    """Tell uv pip's options in its own words. ``system_certs``: the machine has certificates of its own, which pip trusts too."""
    env: dict[str, str] = {}
    if index := options.get("index-url"):
        env["UV_DEFAULT_INDEX"] = index
    if extra := options.get("extra-index-url"):
        env["UV_INDEX"] = " ".join(extra.split())
        env["UV_INDEX_STRATEGY"] = (
            "unsafe-best-match"  # pip takes the best version of all indexes, uv the first index's
        )
    if places := [place for place in options.get("find-links", "").split() if _is_there(place)]:
        env["UV_FIND_LINKS"] = ",".join(str(Path(place).expanduser()) if place[0] == "~" else place for place in places)
    for name, option in (("UV_CONSTRAINT", "constraint"), ("UV_INSECURE_HOST", "trusted-host")):
        if values := options.get(option, "").split():
            env[name] = " ".join(values)
    for name, option in (("UV_HTTP_TIMEOUT", "timeout"), ("UV_HTTP_RETRIES", "retries")):
        if value := options.get(option) or options.get(f"default-{option}"):
            env[name] = value
    env = {
        name: value
        for name, value in env.items()
        if not any(environ.get(each) for each in (name, *_SAME_MEANING.get(name, ())))
    }
    return Translated(
        env | _certificates(options, environ, system_certs=system_certs) | _proxies(options), list(_flags(options))
    )


def _is_there(place: str) -> bool:
    """Whether uv can look there: an address, or a folder or page that exists; pip passes silently over others."""
    scheme, _, rest = place.partition("://")
    if rest and scheme != "file":
        return True
    path = urllib.request.url2pathname(urllib.parse.urlsplit(place).path) if rest else place
    return Path(path).expanduser().exists()


def _certificates(options: Mapping[str, str], environ: Mapping[str, str], *, system_certs: bool) -> dict[str, str]:
    env: dict[str, str] = {}
    bundle = _expanded(options.get("cert")) or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    if bundle:
        used, unused = ("SSL_CERT_DIR", "SSL_CERT_FILE") if Path(bundle).is_dir() else ("SSL_CERT_FILE", "SSL_CERT_DIR")
        env = {used: bundle, unused: ""}
    elif system_certs and not (environ.get("SSL_CERT_FILE") or environ.get("SSL_CERT_DIR")):
        env["UV_SYSTEM_CERTS"] = "1"
    if own := _expanded(options.get("client-cert")):
        env["SSL_CLIENT_CERT"] = own
    return env


def _expanded(path: str | None) -> str | None:
    return str(Path(path).expanduser()) if path else None


def _proxies(options: Mapping[str, str]) -> dict[str, str]:
    proxy = options.get("proxy")
    if not proxy:
        return {}
    address = proxy if "://" in proxy else f"http://{proxy}"
    return dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), address)


def _flags(options: Mapping[str, str]) -> Iterator[str]:
    if options.get("no-index", "").lower() in {"1", "true", "yes", "on", "y", "t"}:
        yield "--no-index"
    for option in ("no-binary", "only-binary"):
        for package in options.get(option, "").replace(",", " ").split():
            yield f"--{option}={package}"


def hide_credentials(text: str) -> str:
    """An address without the name and password of its user."""
    return _CREDENTIALS.sub("****@", text)


def _listing() -> str:
    """What pip of this Python is configured with; nothing when it cannot tell."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "config", "list"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)  # noqa: S603
    return done.stdout


def _has_system_certs() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run it, what it says on stderr freed of credentials."""
    with subprocess.Popen(  # noqa: S603
        command, env=dict(env), stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        for line in process.stderr or ():
            sys.stderr.write(hide_credentials(line))
            sys.stderr.flush()
    return process.returncode


def main(words: Sequence[str]) -> int:
    """Run ``uv WORDS…``; an installation that fails is tried again by pip. Returns the exit code."""
    told = translate(effective_options(_listing()), os.environ, system_certs=_has_system_certs())
    env = {**os.environ, **told.env}
    if words[:2] == ["pip", "compile"]:
        env.pop("UV_CONSTRAINT", None)  # a lock is for every machine
    uv = Path(sys.executable).with_name("uv")
    installing = words[:2] == ["pip", "install"]
    if uv.exists():
        code = _run([str(uv), *words[:2], *told.flags, *words[2:]], {k: v for k, v in env.items() if v})
        if code == 0 or not installing:
            return code
        sys.stderr.write("  uv could not (above); pip tries (slower)\n")
    elif not installing:
        sys.stderr.write("uv is missing in .venv\n")
        return 2
    # Quiet once more than uv: errors only, not that a folder of wheels does not exist.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    return _run([*pip, *words[2:]], os.environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
