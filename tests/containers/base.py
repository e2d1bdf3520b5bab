"""Debian trees to start machines from: one directory per release and list of packages, made once and kept.

    tree = base.tree("trixie", ["systemd", "dovecot-imapd", "postfix"])

A tree is made by mmdebstrap from the Debian archive that this machine's own apt uses, in about 40 seconds, and kept in
CACHE for a week. Nothing may ever write into it: machines lay a directory of their own over it (machine.py).
"""

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


class CannotBuild(Exception):
    """No tree can be made here; the text says why."""


def tree(suite, packages):
    """The path of a tree of that Debian release in which these packages are installed."""
    sources = _sources(suite)
    # The form of a tree: raise the number when the options of `_build` change.
    key = hashlib.sha256("\n".join(["1", suite, sources, *sorted(packages)]).encode()).hexdigest()[:12]
    place = CACHE / f"{suite}-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        complete = place / ".complete"
        if complete.exists() and time.time() - complete.stat().st_mtime < DAYS * 86400:
            return place
        _build(suite, packages, sources, place)
        complete.touch()
    return place


def _sources(suite):
    archive = _archive()
    security = archive.rstrip("/") + "-security"
    return f"deb {archive} {suite} main\ndeb {archive} {suite}-updates main\ndeb {security} {suite}-security main\n"


def _archive():
    """The address of the Debian archive in this machine's apt sources."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
    for address in listed.stdout.split():
        if re.search(r"/debian/?$", address):
            return address
    raise CannotBuild("the apt sources of this machine name no Debian archive (…/debian)")


def _build(suite, packages, sources, place):
    if not shutil.which("mmdebstrap"):
        raise CannotBuild("mmdebstrap is missing: run 'sudo packaging/prepare test'")
    print(f"lab: making a Debian {DEBIAN[suite]} tree in {place} (about a minute; kept for {DAYS} days)", flush=True)
    half = place.with_suffix(".half")
    for old in (place, half):
        if old.exists():
            shutil.rmtree(old)
    half.mkdir()
    # Packages must not start daemons while the tree is made; machines take this file away before they boot.
    stay_quiet = 'printf "#!/bin/sh\\nexit 101\\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"'
    with open(CACHE / f"{suite}.log", "w") as log:
        # Through a tar file, because unpacked numbers of owners must be the tree's own, not this machine's.
        maker = subprocess.Popen(
            ["mmdebstrap", "--variant=minbase", "--format=tar",
             "--aptopt=Acquire::Check-Valid-Until \"false\"", "--aptopt=APT::Install-Recommends \"false\"",
             "--dpkgopt=path-exclude=/usr/share/locale/*", f"--essential-hook={stay_quiet}",
             f"--include={','.join(packages)}", suite, "-", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=False)
        unpacker = subprocess.Popen(["tar", "-x", "-p", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-C", half],
                                    stdin=maker.stdout)
        maker.stdout.close()
        maker.stdin.write(sources.encode())
        maker.stdin.close()
        failed = unpacker.wait() or maker.wait()
    if failed:
        shutil.rmtree(half)
        last = "\n".join((CACHE / f"{suite}.log").read_text().splitlines()[-10:])
        raise CannotBuild(f"mmdebstrap could not make the Debian {DEBIAN[suite]} tree:\n{last}")
    half.rename(place)
