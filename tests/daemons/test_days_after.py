#!/usr/bin/python3 -B
"""The days after: what administrators do later, and what the daemons make of it."""

import datetime
import sqlite3
import subprocess
import threading

import support
from support import DOMAIN, DaemonTest, new_account

PASSWORD = "correct horse battery"


def setUpModule():
    support.start(saslauthd=True)


def tearDownModule():
    support.stop()


def hashed(scheme, password=PASSWORD):
    """The password as this Dovecot hashes it; yescrypt it cannot make, and crypt(3) can."""
    if scheme == "yescrypt":
        return "{CRYPT}$y$j9T$abcdefghijklmnop$F7kfVk.oOhV81K9PnQ5GcZ31QaSOFBtNI3Y3euDcm9C"
    return subprocess.run(["doveadm", "pw", "-s", scheme, "-p", password], check=True, capture_output=True,
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

    def test_a_password_that_looks_like_an_app_password_goes_on_to_open(self):
        address, password = f"manager@{DOMAIN}", "k7m29xqd0011abcdefgh"
        support.mailkey.run("import", "passwd-file", "-", "--apply",
                            input=f"{address}:{hashed('BLF-CRYPT', password)}\n")
        app = support.mailkey.app_password(address, "Test")["password"]
        for _ in range(2):
            self.assert_accepted("imap", address, password, method="password")
            self.assert_accepted("imap", address, app.replace("-", ""))
        self.assert_refused("imap", address, password[:-1] + "j", "wrong_password")
        support.mailkey.run("user", "passwd", address, "--password-stdin", input="own password, at last\n")
        self.assert_refused("imap", address, password, "wrong_app_password")

    def test_a_hash_that_was_made_costly_afterwards_is_a_fault_and_no_wait(self):
        address = f"costly@{DOMAIN}"
        support.mailkey.run("import", "passwd-file", "-", "--apply", input=f"{address}:{hashed('SHA512-CRYPT')}\n")
        with sqlite3.connect(f"{support.directory}/data/mailkey.db") as db:
            db.execute("UPDATE account SET password = replace(password, '$6$', '$6$rounds=999999999$') WHERE name = ?",
                       [address])
        self.assert_unavailable("imap", address, PASSWORD)


class AnotherKey(DaemonTest):
    def test_logins_go_on_while_the_key_is_changed(self):
        """Phones and a webmail sign in all the while; not one is refused, and none finds anything broken."""
        accounts = [new_account(totp=True) for _ in range(4)]
        apps = [account.app_password()["password"] for account in accounts]
        wrong, count, ended = [], [0], threading.Event()

        def phone(account, app):
            while not ended.is_set():
                answer = self.login("imap", account, app)
                count[0] += 1
                if not answer.accepted:
                    wrong.append(answer)

        phones = [threading.Thread(target=phone, args=pair) for pair in zip(accounts, apps)]
        mark = support.server.syslog.mark()
        for thread in phones:
            thread.start()
        try:
            for _ in range(3):
                rotated = support.mailkey.json("key", "rotate")
                for account in accounts:
                    answer = self.login("webmail", account, account.password + account.recovery_codes.pop())
                    if not answer.accepted:
                        wrong.append(answer)
        finally:
            ended.set()
            for thread in phones:
                thread.join()
        self.assertEqual(wrong, [])
        self.assertGreater(count[0], 20)
        self.assertTrue(rotated["added"] and rotated["totp_secrets"] >= 4, rotated)
        lines = support.server.syslog.wait(mark, support.is_attempt, settle=0.03)
        self.assertEqual([line for line in lines if line.fields["result"] != "accepted"], [])

    def test_password_code_and_app_password_open_after_it_and_move_to_the_new_key(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        before = stored(account.address)
        support.mailkey.json("key", "rotate")
        # The workers that are running have the former key file in memory.
        self.assert_accepted("imap", account, app)
        self.assert_accepted("webmail", account, account.password + account.phone.code())
        after = stored(account.address)
        self.assertNotEqual(before.split("keyid=")[1].split("$")[0], after.split("keyid=")[1].split("$")[0])
        self.assert_accepted("webmail", account, account.password + account.phone.code())

    def test_pauses_after_wrong_codes_are_not_forgiven_by_it(self):
        account = new_account(totp=True)
        for number in range(5):
            self.attempt("webmail", account, f"{account.password}00000{number}")
        self.assert_refused("webmail", account, account.password + account.phone.code(), "throttled")
        support.mailkey.json("key", "rotate")
        self.assert_refused("webmail", account, account.password + account.phone.code(), "throttled")


class ABackupPutBack(DaemonTest):
    def test_the_next_login_finds_it_without_a_restart(self):
        account, later = new_account(), None
        app = account.app_password()
        self.assert_accepted("imap", account, app["password"])
        backup = support.directory / "backup.db"
        support.mailkey.run("backup", str(backup))
        support.mailkey.run("app-password", "revoke", account.address, app["id"])
        later = new_account()
        self.assert_refused("imap", account, app["password"], "app_password_revoked")
        self.assert_accepted("imap", later, later.password)
        support.mailkey.run("restore", str(backup), "--yes")
        self.assert_accepted("imap", account, app["password"])
        self.assert_refused("imap", later, later.password, "unknown_account")


def day(days):
    """The date in UTC, days from now."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


class LostPhonesAndNewNames(DaemonTest):
    """Each test signs in before the change, so that a worker that knew the old state answers after it."""

    def test_after_a_reset_only_what_was_kept_opens_until_2fa_is_on_again(self):
        account = new_account(totp=True)
        lost, laptop = account.app_password(), account.app_password()
        for app in (lost, laptop):
            self.assert_accepted("imap", account, app["password"])
        self.assert_accepted("webmail", account, account.password + account.recovery_codes[0])
        support.mailkey.run("user", "reset-2fa", account.address, "--revoke", lost["id"])
        for part in ("imap", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_refused(part, account, lost["password"], "app_password_revoked")
                self.assert_refused(part, account, account.password, "enrolment_required")
                self.assert_accepted(part, account, laptop["password"])
        self.assert_refused("webmail", account, account.password, "enrolment_required")
        self.assert_refused("webmail", account, account.password + account.recovery_codes[1], "wrong_password")
        phone, _ = support.mailkey.enable_totp(account.address)
        self.assert_accepted("webmail", account, account.password + phone.code())

    def test_a_renamed_account_opens_under_its_new_name_only(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_accepted("imap", account, app)
        new = "renamed." + account.address
        support.mailkey.run("user", "rename", account.address, new)
        for part in ("imap", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_accepted(part, new, app)
                self.assert_refused(part, account, app, "unknown_account")
        self.assert_accepted("webmail", new, account.password + account.recovery_codes[0])

    def test_a_renamed_domain_opens_under_its_new_name_only(self):
        support.mailkey.add_user("ann@before.test", "the password of her")
        self.assert_accepted("imap", "ann@before.test", "the password of her")
        support.mailkey.run("domain", "rename", "before.test", "after.test")
        self.assert_accepted("imap", "ann@after.test", "the password of her")
        self.assert_refused("imap", "ann@before.test", "the password of her", "unknown_account")


class RequiringTwoFactor(DaemonTest):
    """The domain is theirs alone, so that no other test is in their way."""

    def account(self):
        account = new_account()
        address = account.address.split("@")[0] + "@required.test"
        support.mailkey.add_user(address, account.password)
        return address, account.password

    def setUp(self):
        super().setUp()
        self.addCleanup(support.mailkey.run, "require", "clear", "@required.test")

    def test_a_domain_requires_it_from_a_date_on(self):
        address, password = self.account()
        support.mailkey.run("require", "set", "@required.test", day(2))
        for part in ("imap", "smtp", "smtp-saslauthd"):
            self.assert_accepted(part, address, password)
        support.mailkey.run("require", "set", "@required.test", day(0))
        for part in ("imap", "pop3", "sieve", "submission", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_refused(part, address, password, "enrolment_required")

    def test_other_domains_go_on(self):
        other = new_account()
        support.mailkey.run("require", "set", "@required.test", "now")
        self.assert_accepted("imap", other, other.password)

    def test_an_exempt_account_goes_on_and_app_passwords_do(self):
        support.mailkey.run("require", "set", "@required.test", "now")
        scanner, password = self.account()
        self.assert_refused("imap", scanner, password, "enrolment_required")
        made = support.mailkey.json("app-password", "add", scanner, "--name", "Scanner")
        self.assert_accepted("imap", scanner, made["password"])
        support.mailkey.run("require", "set", scanner, "never")
        self.assert_accepted("imap", scanner, password)


if __name__ == "__main__":
    support.main()
