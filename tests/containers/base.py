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
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{suite}-{key}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for place in CACHE.glob(f"{suite}-{key}-*"):
            if _days(place) < DAYS:
                return place
        _forget_old_ones()
        # With a name of its own: somebody may still be using the one that is too old.
        place = CACHE / f"{suite}-{key}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
        _build(suite, packages, sources, place)
        return place


def _days(place):
    """How old a tree is; one that is not there, or not complete, is very old."""
    with contextlib.suppress(FileNotFoundError):
        return (time.time() - (place / ".complete").stat().st_mtime) / 86400
    return float("inf")


def _forget_old_ones():
    """Trees that nobody can be using any more: each takes 300 MB or more."""
    for complete in CACHE.glob("*/.complete"):
        if _days(complete.parent) > 2 * DAYS:
            shutil.rmtree(complete.parent, ignore_errors=True)


def _sources(suite):
    """The Debian archive of this machine's own apt sources, and its security archive."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
    addresses = [address.rstrip("/") for address in listed.stdout.split()]
    archive = next((address for address in addresses if re.search(r"://.*/debian$", address)), None)
    if not archive:
        raise CannotBuild("the apt sources of this machine name no Debian archive (…/debian)")
    security = next((address for address in addresses if address.endswith("/debian-security")), f"{archive}-security")
    return f"deb {archive} {suite} main\ndeb {archive} {suite}-updates main\ndeb {security} {suite}-security main\n"


def _build(suite, packages, sources, place):
    if not shutil.which("mmdebstrap"):
        raise CannotBuild("mmdebstrap is missing: run 'sudo packaging/prepare test'")
    print(f"making a Debian {DEBIAN[suite]} tree in {place} (about a minute; kept for {DAYS} days)", flush=True)
    half = CACHE / f"half-{place.name}"
    said = CACHE / f"log-{place.name}"
    with open(said, "w") as log:
        made = subprocess.run(["mmdebstrap", *OPTIONS, f"--include={','.join(packages)}", suite, half, "-"],
                              input=sources.encode(), stdout=log, stderr=log)
    if made.returncode:
        shutil.rmtree(half, ignore_errors=True)
        last = "\n".join(said.read_text().splitlines()[-5:])
        raise CannotBuild(f"mmdebstrap could not make the Debian {DEBIAN[suite]} tree:\n{last}")
    (half / ".complete").touch()
    half.rename(place)
