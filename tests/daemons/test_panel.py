#!/usr/bin/python3 -B
"""The self-service panel: in a real browser, and met by a plain HTTP client that does what no browser would.

The tests are those of tests/panel (Rust). This program builds them, gives them a mail server, a chromedriver, and what a
panel beside that needs, in namespaces of its own, and counts the results. Each test starts its panel itself.

    sudo tests/daemons/test_panel.py -k crawler         only the tests whose names contain "crawler"
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import support
from support import CHECKOUT, namespace

import panel
from daemons import Daemons, free_port

PICTURES = support.BUILT.parent / "panel-screens"
HOST = "panel.example.test"
PERIOD = 15  # seconds that a code is the current one; short, so that a test seldom waits for the next one
THREADS = 3  # tests at once: much of the time they wait for codes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", metavar="WORD", default="", help="only the tests whose names contain it")
    parser.add_argument("--program", help=argparse.SUPPRESS)  # the inner call, with …
    parser.add_argument("--axe", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.program:
        axe = subprocess.run([CHECKOUT / "packaging/prepare", "axe"], check=True, stdout=subprocess.PIPE, text=True)
        sys.argv += ["--program", support.build_test("panel"), "--axe", axe.stdout.strip()]
        shutil.rmtree(PICTURES, ignore_errors=True)
        PICTURES.mkdir()
    support.directory = namespace.enter(network=True)
    sys.exit(run(options))


# --- Inside ---------------------------------------------------------------------------------------------


def run(options):
    """Start everything and run the tests; returns the exit code."""
    directory = support.directory
    support.start(before_init=lambda _: panel.private_group(support.directory))
    config = pathlib.Path(support.mailkey.config)
    config.write_text(config.read_text() + f"\n[totp]\nperiod = {PERIOD}\n"
                      '[notices]\nfrom = "Mail <noreply@example.test>"\n')
    support.mailkey.configure({"webmail_hosts": ["127.0.0.1"]})
    daemons = Daemons(directory)
    description = describe(options.axe)
    port = free_port(9515)
    profiles = directory / "browsers"
    profiles.mkdir()
    daemons.run("/usr/bin/chromedriver", f"--port={port}", TMPDIR=str(profiles), HOME=str(profiles))
    daemons.wait_for_port("chromedriver", port)
    description["chromedriver"] = f"http://127.0.0.1:{port}"
    try:
        process = subprocess.run([options.program, f"--test-threads={THREADS}", *filter(None, [options.k])], timeout=1500,
                                 cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                 env={**os.environ, "MAILKEY_PANEL_WORLD": json.dumps(description)})
    finally:
        daemons.stop()
        support.stop()
        owner = PICTURES.parent.stat()
        for path in (PICTURES, *PICTURES.iterdir()):  # whose checkout it is, she may delete them
            os.chown(path, owner.st_uid, owner.st_gid)
    print(process.stdout)
    if process.returncode:
        print("The daemons' own words:\n" + support.server.daemon_logs())
    print(f"Pictures of the pages: {PICTURES}")
    counts = re.search(r"^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored;", process.stdout, re.MULTILINE)
    passed, failed, ignored = map(int, counts.groups()) if counts else (0, 1, 0)
    if process.returncode and not failed:
        failed = 1  # it died
    print(f"counted: {passed} passed, {failed} failed, {ignored} skipped", flush=True)
    return process.returncode


def describe(axe):
    """What tests/panel/world.rs reads."""
    directory = support.directory
    certificate, key = directory / "panel.pem", directory / "panel.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    os.chown(key, panel.USER, panel.GROUP)
    return {
        "directory": str(directory),
        "command": support.mailkey.command,
        "panel": str(panel.copied(support.BUILT / "mailkey-panel", directory)),
        "user": panel.USER,
        "group": panel.GROUP,
        "config": support.mailkey.config,
        "database": str(directory / "data/mailkey.db"),
        "syslog": str(directory / "syslog"),
        "certificate": str(certificate),
        "key": str(key),
        "pictures": str(PICTURES),
        "axe": axe,
        "sources": str(CHECKOUT),
        "port": support.server.port,
        "period": PERIOD,
    }


if __name__ == "__main__":
    main()
