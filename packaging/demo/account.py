"""The mailkey command, called the way a script of an administrator calls it, and the phone of the user."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import time

STEP = 30  # seconds that a code is valid (RFC 6238)

SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32, small letters


class CommandFailed(Exception):
    """mailkey ended with an error; the text is the command and what it said."""


class Mailkey:
    """`Mailkey(command, config).run("user", "list")` runs one verb against the instance of that config file."""

    def __init__(self, command, config):
        self.command = str(command)
        self.config = str(config)
        self._written = None  # the config file as it was before configure()

    def run(self, *arguments, input="", check=True):
        """The finished process, with text output. Secrets go in through `input`, never through arguments."""
        process = subprocess.run([self.command, "--config", self.config, *map(str, arguments)],
                                 input=input, text=True, capture_output=True, timeout=60)
        if check and process.returncode != 0:
            said = (process.stderr or process.stdout).strip()
            raise CommandFailed(f"mailkey {' '.join(map(str, arguments))} (exit {process.returncode}): {said}")
        return process

    def json(self, *arguments, input=""):
        return json.loads(self.run(*arguments, "--json", input=input).stdout)

    def init(self, data_directory):
        self.run("init", "--data-dir", data_directory)

    def configure(self, settings):
        """Put these settings ({name: value}) in the place of those of the call before; the next login sees them."""
        config = pathlib.Path(self.config)
        if self._written is None:
            self._written = config.read_text()
        # Above the rest, because settings below a [table] belong to it; and in one step, because a login may read now.
        draft = config.with_name(config.name + ".new")
        draft.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()) + self._written)
        shutil.copymode(config, draft)
        os.replace(draft, config)

    def add_user(self, address, password=None):
        """`password` None: another PAM module keeps it."""
        if password is None:
            self.run("user", "add", address, "--no-password")
        else:
            self.run("user", "add", address, "--password-stdin", input=password + "\n")

    def enable_totp(self, address):
        """Turn the second factor on; returns (Phone, recovery codes)."""
        phone = Phone(self.json("totp", "enroll", address)["secret"])
        codes = self.json("totp", "confirm", address, input=phone.code() + "\n")["recovery_codes"]
        return phone, codes

    def enable_totp_on_a_terminal(self, address):
        """The same as a person does it: returns (what the terminal shows, Phone, recovery codes)."""
        # Without a code on its standard input the command leaves the enrolment waiting for one.
        shown = self.run("totp", "enroll", address, check=False).stdout
        secret = re.search(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b", shown)
        if not secret:
            raise CommandFailed(f"mailkey totp enroll {address} shows no secret:\n{shown}")
        phone = Phone(secret.group().replace(" ", ""))
        codes = self.json("totp", "confirm", address, input=phone.code() + "\n")["recovery_codes"]
        return shown, phone, codes

    def app_password(self, address, name, protocols=None, networks=(), expires=None):
        """A new app password: {"id", "password", …}."""
        arguments = ["app-password", "add", address, "--name", name]
        if protocols:
            arguments += ["--protocol", ",".join(protocols)]
        for network in networks:
            arguments += ["--from", network]
        if expires:
            arguments += ["--expires", expires]
        return self.json(*arguments)


class Phone:
    """An authenticator app that knows one secret (base32) and never shows the same code twice.

    mailkey takes a code once, and afterwards only codes of later steps. It allows one step of skew in both
    directions, so three codes are right at any time: this phone uses the oldest first, and must wait only for
    a fourth.
    """

    def __init__(self, secret):
        self.secret = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
        self.last_step = 0  # the last one whose code was shown

    def code(self, good_for=5):
        """A code that has not been used and stays right for some seconds; waits up to 30 s for one."""
        step = max(self.last_step + 1, int(time.time() + good_for) // STEP - 1)
        while step > int(time.time()) // STEP + 1:
            time.sleep(0.1)
        self.last_step = step
        return self.code_at(step)

    def code_at(self, step):
        """RFC 6238 with SHA-1 and six digits; `step` is Unix time / 30."""
        digest = hmac.new(self.secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


class WebmailSession:
    """What a webmail with our plugin presents in the place of the password; each has a credential of its own."""

    def __init__(self):
        self.credential = "mks-" + "".join(secrets.choice(SYMBOLS) for _ in range(52))

    def opening(self, password, code=""):
        """What is presented once, at sign-in: it opens the session."""
        return f"mkopen:{self.credential}:{code}:{password}"

    @property
    def closing(self):
        """What is presented at sign-out: it ends the session."""
        return f"mkclose:{self.credential}"
