#!/usr/bin/python3 -B
"""Every protocol, every kind of credential: DESIGN.md's decision table through real daemons."""

import support
from support import DaemonTest, new_account


def setUpModule():
    support.start(saslauthd=True)


def tearDownModule():
    support.stop()


class MailProgram:
    """What holds at every port that phones and mail programs use. Subclasses say which port that is."""

    part = None
    protocol = None  # as the log names it
    service = None
    says_where = True  # does the daemon tell where the client is?

    def test_own_password_opens_while_two_factor_sign_in_is_off(self):
        account = new_account()
        fields = self.assert_accepted(self.part, account, account.password)
        self.assertEqual(fields["service"], self.service)
        self.assertEqual(fields["protocol"], self.protocol)
        self.assertEqual(fields["mode"], "client")
        self.assertEqual(fields["user"], account.address)
        self.assertEqual(fields["rhost"], self.source if self.says_where else "-")

    def test_own_password_is_refused_once_two_factor_sign_in_is_on(self):
        account = new_account(totp=True)
        self.assert_refused(self.part, account, account.password, "app_password_required")

    def test_password_and_code_is_refused_and_the_code_stays_good_for_the_webmail(self):
        account = new_account(totp=True)
        credential = account.password + account.phone.code()
        self.assert_refused(self.part, account, credential)
        self.assert_accepted("webmail", account, credential)

    def test_app_password_opens(self):
        account = new_account(totp=True)
        self.assert_accepted(self.part, account, account.app_password()["password"])

    def test_app_password_opens_while_two_factor_sign_in_is_off(self):
        account = new_account()
        self.assert_accepted(self.part, account, account.app_password()["password"])

    def test_app_password_may_be_typed_in_capitals_and_without_dashes(self):
        account = new_account(totp=True)
        typed = account.app_password()["password"].upper().replace("-", " ")
        self.assert_accepted(self.part, account, typed)
        self.assert_accepted(self.part, account, typed.replace(" ", ""))

    def test_app_password_of_another_account_is_refused(self):
        account, other = new_account(totp=True), new_account(totp=True)
        self.assert_refused(self.part, account, other.app_password()["password"])

    def test_app_password_with_one_wrong_symbol_is_refused(self):
        account = new_account(totp=True)
        right = account.app_password()["password"]
        self.assert_refused(self.part, account, right[:-1] + ("0" if right[-1] != "0" else "1"))

    def test_wrong_password_is_refused(self):
        account = new_account()
        self.assert_refused(self.part, account, "not the password", "wrong_password")

    def test_unknown_account_is_refused_like_a_wrong_password(self):
        account = new_account()
        wrong = self.attempt(self.part, account, "not the password")
        unknown = self.attempt(self.part, "nobody@example.test", "not the password")
        self.assertFalse(unknown.answer.accepted)
        self.assertEqual(unknown.answer.text, wrong.answer.text)
        self.assertEqual([line.fields["reason"] for line in unknown.lines], ["unknown_account"])

    def test_other_spellings_of_an_enrolled_name_never_open_it_with_the_password(self):
        account = new_account(totp=True)
        local, domain = account.address.split("@")
        for spelling in (account.address.upper(), f"{local}@{domain}.", local, f"{local}\u200b@{domain}",
                         f"\uff55{local[1:]}@{domain}", f"{local} @{domain}", f" {account.address} "):
            with self.subTest(spelling=spelling):
                try:
                    answer = self.login(self.part, spelling, account.password)
                except Exception as error:  # a daemon may refuse the name itself, in its own words
                    self.assertNotIsInstance(error, ConnectionRefusedError)
                else:
                    self.assertFalse(answer.accepted, answer)

    def test_capital_letters_in_the_name_are_the_same_account(self):
        account = new_account(totp=True)
        self.assert_accepted(self.part, account.address.upper(), account.app_password()["password"])

    def test_no_secret_reaches_a_log(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        credentials = (account.password, app, account.password + account.phone.code(), app[:-1] + "z")
        for credential in credentials:
            self.login(self.part, account, credential)
        self.assert_no_secret_in_the_log(*credentials, app.split("-", 1)[1])


class Imap(MailProgram, DaemonTest):
    part, protocol, service = "imap", "imap", "mailkey-imap"


class Pop3(MailProgram, DaemonTest):
    part, protocol, service = "pop3", "pop3", "mailkey-pop3"


class Sieve(MailProgram, DaemonTest):
    part, protocol, service = "sieve", "sieve", "mailkey-sieve"


class DovecotSubmission(MailProgram, DaemonTest):
    part, protocol, service = "submission", "smtp", "mailkey-submission"


class PostfixThroughDovecot(MailProgram, DaemonTest):
    part, protocol, service = "smtp", "smtp", "mailkey-smtp"


class PostfixThroughSaslauthd(MailProgram, DaemonTest):
    part, protocol, service = "smtp-saslauthd", "smtp", "mailkey-smtp"
    says_where = False


class Webmail(DaemonTest):
    def test_password_alone_opens_while_two_factor_sign_in_is_off(self):
        account = new_account()
        fields = self.assert_accepted("webmail", account, account.password)
        self.assertEqual(fields["mode"], "webmail")
        self.assertEqual(fields["service"], "mailkey-webmail")

    def test_password_alone_is_refused_once_two_factor_sign_in_is_on(self):
        account = new_account(totp=True)
        self.assert_refused("webmail", account, account.password, "code_required")

    def test_password_and_code_opens(self):
        account = new_account(totp=True)
        self.assert_accepted("webmail", account, account.password + account.phone.code())

    def test_the_same_code_is_refused_the_second_time(self):
        account = new_account(totp=True)
        credential = account.password + account.phone.code()
        self.assert_accepted("webmail", account, credential)
        self.assert_refused("webmail", account, credential, "code_used")

    def test_the_code_that_confirmed_the_enrolment_is_used_up(self):
        account = new_account(totp=True)
        confirmed = account.phone.code_at(account.phone.last_step)
        self.assert_refused("webmail", account, account.password + confirmed, "code_used")

    def test_the_next_code_opens_after_one_was_used(self):
        account = new_account(totp=True)
        self.assert_accepted("webmail", account, account.password + account.phone.code())
        self.assert_accepted("webmail", account, account.password + account.phone.code())

    def test_an_older_code_is_refused_after_a_newer_one(self):
        account = new_account(totp=True)
        older, newer = account.phone.code(), account.phone.code()
        self.assert_accepted("webmail", account, account.password + newer)
        self.assert_refused("webmail", account, account.password + older, "code_used")

    def test_a_wrong_code_is_refused(self):
        account = new_account(totp=True)
        step = account.phone.last_step
        right = {account.phone.code_at(number) for number in range(step - 2, step + 5)}
        wrong = next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
                     if code not in right)
        self.assert_refused("webmail", account, account.password + wrong, "wrong_code")

    def test_a_right_code_after_a_wrong_password_is_refused_and_stays_good(self):
        account = new_account(totp=True)
        code = account.phone.code()
        self.assert_refused("webmail", account, "not the password" + code, "wrong_password")
        self.assert_accepted("webmail", account, account.password + code)

    def test_a_recovery_code_opens_once(self):
        account = new_account(totp=True)
        credential = account.password + account.recovery_codes[0]
        self.assert_accepted("webmail", account, credential)
        self.assert_refused("webmail", account, credential)
        self.assert_accepted("webmail", account, account.password + account.recovery_codes[1])

    def test_new_recovery_codes_end_the_old_ones(self):
        account = new_account(totp=True)
        codes = support.mailkey.json("recovery-codes", "new", account.address)["recovery_codes"]
        self.assert_refused("webmail", account, account.password + account.recovery_codes[0])
        self.assert_accepted("webmail", account, account.password + codes[0])

    def test_an_app_password_is_refused(self):
        account = new_account(totp=True)
        self.assert_refused("webmail", account, account.app_password()["password"], "app_password_not_allowed_here")

    def test_an_app_password_followed_by_a_code_is_refused(self):
        account = new_account(totp=True)
        self.assert_refused("webmail", account, account.app_password()["password"] + account.phone.code())


class Passwords(DaemonTest):
    """Unusual bytes, through what carries them."""

    def test_utf8_spaces_and_symbols_in_a_password_arrive_as_typed(self):
        for password in ("pässwörd mit Ümläut", " leading and trailing ", "a\"b\\c'd%e$f", "日本語のパスワード長い"):
            with self.subTest(password=password):
                account = new_account()
                support.mailkey.run("user", "passwd", account.address, "--password-stdin", input=password + "\n")
                for part in ("imap", "sieve", "smtp"):
                    self.assert_accepted(part, account, password)
                self.assert_refused("imap", account, password.strip() + "x", "wrong_password")

    def test_a_password_that_makes_twenty_letters_and_digits_with_its_code_is_no_app_password(self):
        account = new_account(totp=True)
        password = "abcdefghjkmnpq"
        support.mailkey.run("user", "passwd", account.address, "--password-stdin", input=password + "\n")
        self.assert_refused("webmail", account, password, "code_required")
        self.assert_accepted("webmail", account, password + account.phone.code())

    def test_an_empty_password_is_refused(self):
        account = new_account()
        self.assert_refused("imap", account, "")

    def test_a_very_long_password_is_refused_and_the_worker_lives_on(self):
        account = new_account()
        self.assert_refused("imap", account, "x" * 5000)
        self.assert_accepted("imap", account, account.password)

    def test_bytes_that_are_not_utf8_are_refused_and_the_worker_lives_on(self):
        account = new_account()
        self.assert_refused("imap", account, b"\xff\xfe\x80 not text")
        self.assert_accepted("imap", account, account.password)


if __name__ == "__main__":
    support.main()
