#!/usr/bin/python3 -B
"""The days after: accounts that came from elsewhere, through real daemons."""

import sqlite3
import subprocess

import support
from support import DOMAIN, DaemonTest

PASSWORD = "correct horse battery"


def setUpModule():
    support.start()


def tearDownModule():
    support.stop()


def hashed(scheme):
    """The password as this Dovecot hashes it; yescrypt it cannot make, and crypt(3) can."""
    if scheme == "yescrypt":
        return "{CRYPT}$y$j9T$abcdefghijklmnop$F7kfVk.oOhV81K9PnQ5GcZ31QaSOFBtNI3Y3euDcm9C"
    return subprocess.run(["doveadm", "pw", "-s", scheme, "-p", PASSWORD], check=True, capture_output=True,
                          text=True).stdout.strip()


def stored(address):
    """What the database keeps of the account's password."""
    with sqlite3.connect(f"file:{support.directory}/data/mailkey.db?mode=ro", uri=True) as db:
        return db.execute("SELECT password FROM account WHERE name = ?", [address]).fetchone()[0]


class ImportedHashes(DaemonTest):
    SCHEMES = {"bcrypt": "BLF-CRYPT", "sha512": "SHA512-CRYPT", "sha256": "SHA256-CRYPT", "argon2id": "ARGON2ID",
               "yescrypt": "yescrypt"}

    @classmethod
    def setUpClass(cls):
        users = "".join(f"{name}@{DOMAIN}:{hashed(scheme)}::::::\n" for name, scheme in cls.SCHEMES.items())
        support.mailkey.run("import", "passwd-file", "-", "--apply", input=users)

    def test_each_opens_is_hashed_anew_and_opens_again(self):
        for name in self.SCHEMES:
            with self.subTest(scheme=name):
                address = f"{name}@{DOMAIN}"
                self.assertTrue(stored(address).startswith("{"))
                self.assert_refused("imap", address, "correct horse batterx", "wrong_password")
                self.assertTrue(stored(address).startswith("{"), "a wrong password changes nothing")
                self.assert_accepted("imap", address, PASSWORD, method="password")
                self.assertTrue(stored(address).startswith("$argon2id$"))
                self.assert_accepted("smtp", address, PASSWORD, method="password")
                self.assert_refused("imap", address, "correct horse batterx", "wrong_password")

    def test_a_hash_that_was_made_costly_afterwards_is_a_fault_and_no_wait(self):
        address = f"costly@{DOMAIN}"
        support.mailkey.run("import", "passwd-file", "-", "--apply", input=f"{address}:{hashed('SHA512-CRYPT')}\n")
        with sqlite3.connect(f"{support.directory}/data/mailkey.db") as db:
            db.execute("UPDATE account SET password = replace(password, '$6$', '$6$rounds=999999999$') WHERE name = ?",
                       [address])
        self.assert_unavailable("imap", address, PASSWORD)


if __name__ == "__main__":
    support.main()
