#!/usr/bin/python3 -B
"""Roundcube in a real browser, once for each way in which mailkey lets a webmail stay signed in.

The tests are those of tests/webmail (Rust), in modules named like the entries of SETTINGS. This program builds them,
gives each module a mail server, Roundcubes and a chromedriver in namespaces of their own, and counts the results.

    sudo tests/daemons/test_webmail.py -k sign_out      only the tests whose names contain "sign_out"
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import support
from support import CHECKOUT, namespace

import roundcube
from daemons import Daemons, free_port
from roundcube import Roundcube, Site

PICTURES = support.BUILT.parent / "webmail-screens"

PERIOD = 15  # seconds that a code is the current one; short, so that a test can wait until it is over

# What the module is configured with, beside `webmail_session`, and the Roundcubes that it gets. Each entry is a world
# of its own: a test may wait as long as it likes without making another one wait.
SETTINGS = {
    "exchange": {
        "mailkey": {"webmail_session": "exchange", "session_idle": 3600, "webmail_hosts": ["127.0.0.1"]},
        "sites": [
            Site("elastic", plugin_config={"mailkey_panel_url": "https://panel.example.test/"}),
            Site("larry", skin="larry"),
            Site("japanese", config={"language": "ja_JP"}),
        ],
        "threads": 2,
    },
    # The same with a short life, so that sessions end while somebody watches.
    "short": {
        "mailkey": {"webmail_session": "exchange", "session_idle": 8, "webmail_hosts": ["127.0.0.1"]},
        "sites": [Site("elastic"), Site("larry", skin="larry")],
        "threads": 2,
    },
    # Just long enough for the plugin's shortest renewal.
    "renewal": {
        "mailkey": {"webmail_session": "exchange", "session_idle": 75, "webmail_hosts": ["127.0.0.1"]},
        "sites": [Site("elastic", plugin_config={"mailkey_renew_interval": 60},
                       config={"min_refresh_interval": 5, "refresh_interval": 5})],
        "threads": 1,
    },
    # Roundcube as it comes; its sieve and SMTP connections go to the webmail's own listeners.
    "grace": {
        "mailkey": {"webmail_session": "grace", "session_idle": 20},
        "sites": [Site("stock", plugin=False, listeners="webmail")],
        "threads": 1,
    },
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", metavar="WORD", default="", help="only the tests whose names contain it")
    parser.add_argument("--setting", choices=SETTINGS, help=argparse.SUPPRESS)  # the inner call, with …
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("tests", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.setting:
        support.directory = namespace.enter(network=True)
        sys.exit(run_in_this_world(options.setting, options.program, options.tests))

    if not roundcube.installed():
        print("Roundcube: in a browser ... skipped 'packaging/prepare webmail leaves Roundcube out on this machine'")
        print("counted: 0 passed, 0 failed, 1 skipped")
        return
    program = support.build_test("webmail")
    listed = subprocess.run([program, "--list", "--format", "terse"], check=True, capture_output=True, text=True)
    names = re.findall(r"^(\S+): test$", listed.stdout, re.MULTILINE)
    chosen = {setting: [name for name in names if name.startswith(setting + "::") and options.k in name]
              for setting in SETTINGS}
    unheard = [name for name in names if name.split("::")[0] not in SETTINGS]
    assert not unheard, f"tests of no setting: {unheard}"

    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with ThreadPoolExecutor() as worlds:
        results = list(worlds.map(lambda setting: in_own_world(setting, program, chosen[setting]),
                                  [setting for setting in SETTINGS if chosen[setting]]))
    owner = PICTURES.parent.stat()
    for path in (PICTURES, *PICTURES.iterdir()):  # whose checkout it is, she may delete them
        os.chown(path, owner.st_uid, owner.st_gid)
    print(f"\nPictures of the pages: {PICTURES}")
    passed, failed = (sum(counts) for counts in zip(*results, strict=True)) if results else (0, 0)
    print(f"counted: {passed} passed, {failed} failed, 0 skipped", flush=True)
    sys.exit(1 if failed else 0)


def in_own_world(setting, program, tests):
    """(passed, failed) of these tests; their output is shown in one piece."""
    began = time.monotonic()
    process = subprocess.run([sys.executable, "-B", __file__, "--setting", setting, "--program", program, *tests],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.strip()
    counts = re.search(r"^test result: .* (\d+) passed; (\d+) failed;", output, re.MULTILINE)
    passed, failed = map(int, counts.groups()) if counts else (0, len(tests))
    print(f"\n--- {setting}: {describe(SETTINGS[setting]['mailkey'])} ({time.monotonic() - began:.0f} s)\n{output}",
          flush=True)
    return passed, failed


def describe(settings):
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in settings.items())


# --- Inside ---------------------------------------------------------------------------------------------


def run_in_this_world(setting, program, tests):
    """Start everything and run the tests; returns the exit code."""
    world = SETTINGS[setting]
    support.start()
    server, directory = support.server, support.directory
    with open(support.mailkey.config, "a") as config:
        config.write(f"\n[totp]\nperiod = {PERIOD}\n")
    support.mailkey.configure(world["mailkey"])
    webmail = Roundcube(server, world["sites"])
    webmail.start()
    temporary = directory / "browsers"  # Chromium's profiles
    temporary.mkdir()
    driver = Daemons(directory)
    port = free_port(9515)
    driver.run("/usr/bin/chromedriver", f"--port={port}", TMPDIR=str(temporary), HOME=str(temporary))
    driver.wait_for_port("chromedriver", port)
    report = directory / "report"
    description = {
        "directory": str(directory),
        "command": support.mailkey.command,
        "config": support.mailkey.config,
        "syslog": str(directory / "syslog"),
        "pictures": str(PICTURES),
        "report": str(report),
        "chromedriver": f"http://127.0.0.1:{port}",
        "port": server.port,
        "sites": {name: {"url": site.url, "directory": str(site.directory)} for name, site in webmail.sites.items()},
        "period": PERIOD,
        "idle": world["mailkey"]["session_idle"],
    }
    try:
        process = subprocess.run([program, "--exact", f"--test-threads={world['threads']}", *tests], timeout=900,
                                 cwd=CHECKOUT, env={**os.environ, "MAILKEY_WEBMAIL_WORLD": json.dumps(description)})
        if report.exists():
            print(report.read_text())
        if process.returncode:
            print("The daemons' own words:\n" + server.daemon_logs() + "\n" + webmail.logs())
        return process.returncode
    finally:
        driver.stop()
        webmail.stop()
        support.stop()


if __name__ == "__main__":
    main()
