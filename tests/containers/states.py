"""A mail server of the lab, from the packages of Debian and ours, set up by the guide in README.md.

Four states, each a Layer that is made once in a run and from which every test starts a machine of its own in two
seconds:

    plain(suite)      Dovecot and Postfix as Debian installs them, with a certificate, as people have them before mailkey
    installed(suite)  and our packages, by step 1 of the guide
    guided(suite)     and everything that the guide says: virtual users, with alice in it (`ALICE`, see Person)
    stacked(suite)    another way from `installed`: system users, pam_unix between our lines, with bob in it

`more`, a tuple of packages of Debian, is what the machine has beside the mail server's.

The guide's commands come from the document itself (guide.py). What the lab adds is in `_plain` and is about the lab: a
certificate, a domain, and no waiting after a refusal.
"""

import copy
import functools
import json
import pathlib
import re
import shutil
import ssl
import subprocess
from dataclasses import dataclass, field

import base
from account import Phone
from guide import Guide
from machine import Machine
from terminal import Terminal

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DEBS = CHECKOUT / "target/deb"

PACKAGES = [
    "systemd", "systemd-sysv", "dbus", "sudo", "adduser", "iproute2", "procps", "openssl", "ssl-cert", "ca-certificates",
    "dovecot-core", "dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-sieve", "dovecot-managesieved",
    # There is no network in the lab: what the guide installs from Debian is there already.
    "dovecot-sqlite", "postfix", "postfix-sqlite", "sasl2-bin", "libsasl2-modules", "libpam-modules", "sqlite3",
]

# What a mail server with a web server has beside them: one list, so that all tests that need one share a tree and its states.
# PHP-FPM by its name, because Roundcube is content with any PHP and apt's first choice is Apache's module.
PHP = {"bookworm": "8.2", "trixie": "8.4"}
WEB = {suite: ("roundcube-core", "roundcube-sqlite3", "roundcube-plugins", f"php{version}-fpm", "nginx")
       for suite, version in PHP.items()}

DOMAIN = "example.org"  # the guide's
NAME = f"mail.{DOMAIN}"
USERDB = {"bookworm": "userdb {\n  driver = passwd\n}\n", "trixie": "userdb passwd {\n}\n"}
COPY = "/srv/mailkey"  # the checkout, as far as the guide needs it, in the machine
EXAMPLES = "/usr/share/doc/libpam-mailkey/examples"

network = None  # of this run; support.py sets both
directory = None


@dataclass
class Person:
    """Somebody with an account, and what she knows."""

    address: str
    password: str
    phone: Phone = None
    recovery_codes: list = field(default_factory=list)
    app_password: str = None


ALICE = f"alice@{DOMAIN}"
ALICE_PASSWORD = "correct horse battery"


@dataclass
class State:
    """A layer and who has an account there."""

    layer: object
    people: dict

    def machine(self, name="mail"):
        """A machine that goes on from here, booted, with people of its own: using up a code here counts here only."""
        machine = Machine(name, self.layer, network, directory)
        machine.people = copy.deepcopy(self.people)
        return machine.boot()


# --- The states -----------------------------------------------------------------------------------------


@functools.cache
def plain(suite, more=()):
    machine = Machine("plain", base.tree(suite, [*PACKAGES, *more]), network, directory)
    _certificate(machine)
    machine.boot()
    _plain(machine, suite)
    return State(machine.freeze(), {})


@functools.cache
def installed(suite, more=()):
    machine = plain(suite, more).machine("installed")
    shutil.copytree(DEBS, machine.root / COPY.lstrip("/") / "target/deb")
    run_step(machine, "1. Install")
    return State(machine.freeze(), {})


@functools.cache
def guided(suite, more=()):
    machine = installed(suite, more).machine("guided")
    alice = first_account(machine)
    for step in ("3. Dovecot", "4. Postfix"):
        run_step(machine, step)
    # Of step 5 what does not need Roundcube.
    machine.shell(guide().blocks("5. The webmail")[0], directory=COPY)
    return State(machine.freeze(), {"alice": alice})


@functools.cache
def stacked(suite, more=()):
    machine = installed(suite, more).machine("stacked")
    machine.run("useradd", "--create-home", "bob")
    machine.run("chpasswd", input="bob:the system password of bob\n")
    run_step(machine, "In front of another PAM module")
    machine.shell(guide().blocks("3. Dovecot")[1], directory=COPY)
    # Debian's userdb for system users, which stands in the file that has just been taken out.
    machine.write("/etc/dovecot/conf.d/91-system-users.conf", USERDB[suite])
    machine.shell(guide().blocks("4. Postfix")[0], directory=COPY)
    machine.run("systemctl", "restart", "dovecot", "postfix")
    bob = add_person(machine, "bob", totp=True, password="the system password of bob", keep_password=False)
    return State(machine.freeze(), {"bob": bob})


# --- The guide ------------------------------------------------------------------------------------------


@functools.cache
def guide():
    return Guide(CHECKOUT / "README.md")


def run_step(machine, heading):
    """Run the commands under that heading of README.md, as they stand there, in a copy of the checkout."""
    for block in guide().blocks(heading):
        machine.shell(block, directory=COPY)


def first_account(machine):
    """Step 2 of the guide, by somebody at a terminal: alice with two-factor sign-in and an app password."""
    alice = Person(ALICE, ALICE_PASSWORD)
    add, enroll, app_password, check = guide().blocks("2. The first account")[0].splitlines()

    person = at_terminal(machine, add)
    person.answer(f"New password for {ALICE}: ", ALICE_PASSWORD)
    person.answer("The same again: ", ALICE_PASSWORD)
    person.end()

    person = at_terminal(machine, enroll)
    shown = person.wait_for(" digits that the app shows now: ")
    alice.phone = Phone(re.search(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b", shown).group().replace(" ", ""))
    person.type_line(alice.phone.code())
    alice.recovery_codes = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", person.end())

    alice.app_password = re.search(r"\b(?:\w{4}-){4}\w{4}\b", at_terminal(machine, app_password).end()).group()

    person = at_terminal(machine, check)
    person.answer(f"What would be typed as the password of {ALICE}: ", alice.app_password)
    assert "accepted" in person.end(), person.screen
    return alice


def at_terminal(machine, line):
    """That line of the guide, at a terminal."""
    return Terminal(machine.terminal("bash", "-c", line))


# --- More accounts --------------------------------------------------------------------------------------


def mailkey(machine, *arguments, input=""):
    """`mailkey … --json` as a script of an administrator calls it."""
    return json.loads(machine.run("mailkey", *arguments, "--json", input=input).stdout or "null")


def add_person(machine, address, totp=False, password="own password of somebody", keep_password=True):
    """An account; `totp` turns two-factor sign-in on and makes an app password. Another PAM module keeps the password
    where `keep_password` is false."""
    person = Person(address, password)
    if keep_password:
        mailkey(machine, "user", "add", address, "--password-stdin", input=password)
    else:
        mailkey(machine, "user", "add", address, "--no-password")
    if totp:
        person.phone = Phone(mailkey(machine, "totp", "enroll", address)["secret"])
        confirmed = mailkey(machine, "totp", "confirm", address, input=person.phone.code())
        person.recovery_codes = confirmed["recovery_codes"]
        person.app_password = mailkey(machine, "app-password", "add", address, "--name", "Test")["password"]
    return person


# --- What the lab adds ----------------------------------------------------------------------------------


@functools.cache
def authority():
    """Make a certificate authority and the servers' certificate; returns the directory."""
    place = directory / "tls"
    place.mkdir()
    (place / "extensions").write_text("authorityKeyIdentifier = keyid\n")
    # Machines get their addresses one after the other.
    names = ",".join([*(f"DNS:{name}.{DOMAIN}" for name in ("mail", "panel", "autoconfig")), *(f"DNS:db{n}" for n in (1, 2, 3)), "DNS:localhost", "IP:127.0.0.1",
                      *(f"IP:10.77.0.{n}" for n in range(2, 200))])
    for words in (
        # Python 3.13 and other strict programs want to see what a key is for, and whose key signed.
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout ca.key -out ca.pem -subj /CN=lab "
        "-addext keyUsage=critical,keyCertSign,cRLSign",
        f"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem -subj /CN={NAME} "
        f"-addext subjectAltName={names}",
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -copy_extensions copy -out cert.pem "
        "-extfile extensions",
    ):
        subprocess.run(["openssl", *words.split()], cwd=place, check=True, capture_output=True)
    return place


@functools.cache
def tls():
    """What a mail program of the lab checks certificates with."""
    return ssl.create_default_context(cafile=authority() / "ca.pem")


def _certificate(machine):
    place = machine.root / "etc/ssl/mail"
    place.mkdir()
    for name in ("cert.pem", "key.pem"):
        shutil.copy(authority() / name, place / name)
    (place / "key.pem").chmod(0o600)


def _plain(machine, suite):
    certificate = {"bookworm": "ssl_cert = </etc/ssl/mail/cert.pem\nssl_key = </etc/ssl/mail/key.pem\n",
                   "trixie": "ssl_server_cert_file = /etc/ssl/mail/cert.pem\nssl_server_key_file = /etc/ssl/mail/key.pem\n"}
    machine.write("/etc/dovecot/conf.d/11-lab.conf", certificate[suite] + "auth_failure_delay = 0\nauth_verbose = yes\n")
    machine.run("postconf", "-e", "smtpd_tls_cert_file=/etc/ssl/mail/cert.pem", "smtpd_tls_key_file=/etc/ssl/mail/key.pem",
                f"myhostname={NAME}", f"mydestination=$myhostname, {DOMAIN}, localhost", "mynetworks=127.0.0.0/8", "smtpd_error_sleep_time=0")
    machine.run("systemctl", "restart", "dovecot", "postfix")
