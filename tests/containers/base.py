"""Debian trees to start machines from: one directory per release and list of packages, made once and kept.

    tree = base.tree("trixie", ["systemd", "dovecot-imapd", "postfix"])

A tree is made by mmdebstrap from the Debian archive that this machine's own apt uses, in about 40 seconds, and kept in
CACHE for a week. Nothing may ever write into it: machines lay a directory of their own over it.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

CACHE = pathlib.Path(os.environ.get("MAILKEY_LAB_CACHE", "/var/cache/mailkey-lab"))
DAYS = 7  # until a tree is made again, with what Debian has released since

DEBIAN = {"bookworm": 12, "trixie": 13}

# Daemons are not started in it, and nothing is asked. Translations stay out, and dpkg does not wait for the disk: what
# breaks is made again.
OPTIONS = [
    "--variant=minbase", "--format=directory", "--mode=root",
    "--aptopt=Acquire::Check-Valid-Until \"false\"", "--aptopt=APT::Install-Recommends \"false\"",
    "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/locale/*",
    '--essential-hook=printf "#!/bin/sh\\nexit 101\\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"',
]


class CannotBuild(Exception):
    """No tree can be made here; the text says why."""


def tree(suite, packages):
    """The path of a tree of that Debian release in which these packages are installed."""
    if os.geteuid() != 0:
        raise CannotBuild("only root can make a Debian tree")
    sources = _sources(suite)
    key = hashlib.sha256("\n".join([suite, sources, *OPTIONS, *sorted(packages)]).encode()).hexdigest()[:12]
    place = CACHE / f"{suite}-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{place.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _days(place) > DAYS:
            _forget_old_ones()
            _build(suite, packages, sources, place)
    return place


def _days(place):
    """How old a tree is; one that is not there, or not complete, is very old."""
    with contextlib.suppress(FileNotFoundError):
        return (time.time() - (place / ".complete").stat().st_mtime) / 86400
    return float("inf")


def _forget_old_ones():
    """Trees that nobody has asked for lately: each takes 300 MB."""
    for complete in CACHE.glob("*/.complete"):
        if _days(complete.parent) > 2 * DAYS:
            shutil.rmtree(complete.parent, ignore_errors=True)


def _sources(suite):
    archive = _archive()
    return (f"deb {archive} {suite} main\ndeb {archive} {suite}-updates main\n"
            f"deb {archive}-security {suite}-security main\n")


def _archive():
    """The address of the Debian archive in this machine's apt sources."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
    for address in listed.stdout.split():
        if re.search(r"/debian/?$", address):
            return address.rstrip("/")
    raise CannotBuild("the apt sources of this machine name no Debian archive (…/debian)")


def _build(suite, packages, sources, place):
    if not shutil.which("mmdebstrap"):
        raise CannotBuild("mmdebstrap is missing: run 'sudo packaging/prepare test'")
    print(f"making a Debian {DEBIAN[suite]} tree in {place} (about a minute; kept for {DAYS} days)", flush=True)
    half = place.with_name(place.name + ".half")
    for old in (place, half):
        if old.exists():
            shutil.rmtree(old)
    said = place.with_name(place.name + ".log")
    with open(said, "w") as log:
        made = subprocess.run(["mmdebstrap", *OPTIONS, f"--include={','.join(packages)}", suite, half, "-"],
                              input=sources.encode(), stdout=log, stderr=log)
    if made.returncode:
        shutil.rmtree(half, ignore_errors=True)
        last = "\n".join(said.read_text().splitlines()[-5:])
        raise CannotBuild(f"mmdebstrap could not make the Debian {DEBIAN[suite]} tree:\n{last}")
    (half / ".complete").touch()
    half.rename(place)
