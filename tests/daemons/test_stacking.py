#!/usr/bin/python3 -B
"""Accounts whose password another module checks: pam_unix between mailkey's two lines, with real system users."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import support
from support import CLIENTS, DOMAIN, Account, DaemonTest

# Real users of the private /etc/passwd and /etc/shadow; each test that spoils something takes one of its own.
NAMES = [f"sys{number}" for number in range(40)]
PASSWORDS = {name: f"system password of {name}" for name in NAMES}
_free = iter(NAMES)
_networks = itertools.count(1)


def setUpModule():
    support.start(saslauthd=True, system_users=PASSWORDS)
    # The stacked module gets the local part alone, so that there is one domain.
    config = support.directory / "mailkey.toml"
    config.write_text(f'default_domain = "{DOMAIN}"\n' + config.read_text())
    for service in ("imap", "pop3", "smtp", "webmail"):
        # Mail names are name@example.test, system users are called by the local part.
        support.server.pam(f"mailkey-{service}", support.server.system_stack("stack_user=local"))


def tearDownModule():
    support.stop()


def system_account(totp=True):
    """A system user with a record in mailkey; `password` is the one in /etc/shadow."""
    name = next(_free)
    account = Account(f"{name}@{DOMAIN}", PASSWORDS[name])
    support.mailkey.add_user(account.address)
    if totp:
        account.phone, account.recovery_codes = support.mailkey.enable_totp(account.address)
    return account


class SystemUsers(DaemonTest):
    def test_the_system_password_opens_while_two_factor_sign_in_is_off(self):
        account = system_account(totp=False)
        for part in ("imap", "pop3", "smtp", "smtp-saslauthd", "webmail"):
            with self.subTest(part=part):
                self.assert_accepted(part, account, account.password)

    def test_a_system_user_without_a_record_signs_in_as_before(self):
        name = next(_free)
        self.assert_accepted("imap", f"{name}@{DOMAIN}", PASSWORDS[name])

    def test_the_system_password_is_refused_for_mail_programs_once_two_factor_sign_in_is_on(self):
        account = system_account()
        for part in ("imap", "pop3", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_refused(part, account, account.password, "app_password_required")

    def test_an_app_password_opens(self):
        account = system_account()
        app = account.app_password()["password"]
        for part in ("imap", "pop3", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_accepted(part, account, app)

    def test_the_webmail_takes_system_password_and_code_once(self):
        account = system_account()
        self.assert_refused("webmail", account, account.password, "code_required")
        credential = account.password + account.phone.code()
        self.assert_accepted("webmail", account, credential)
        self.assert_refused("webmail", account, credential, "code_used")

    def test_the_webmail_takes_system_password_and_recovery_code_once(self):
        account = system_account()
        credential = account.password + account.recovery_codes[0]
        self.assert_accepted("webmail", account, credential)
        self.assert_refused("webmail", account, credential)

    def test_a_wrong_system_password_burns_no_code(self):
        account = system_account()
        code = account.phone.code()
        attempt = self.attempt("webmail", account, "not the password" + code)
        self.assertFalse(attempt.answer.accepted, attempt)
        self.assert_accepted("webmail", account, account.password + code)

    def test_a_wrong_system_password_is_refused(self):
        for account in (system_account(), system_account(totp=False)):
            for part in ("imap", "smtp-saslauthd", "webmail"):
                self.assertFalse(self.login(part, account, "not the password").accepted)

    def test_a_password_kept_by_mailkey_does_not_count_here(self):
        account = system_account(totp=False)
        kept = "a password kept by mailkey"
        support.mailkey.run("user", "passwd", account.address, "--password-stdin", input=kept + "\n")
        self.assertFalse(self.login("imap", account, kept).accepted)
        self.assert_accepted("imap", account, account.password)

    def test_other_spellings_of_an_enrolled_name_never_open_it(self):
        account = system_account()
        local, domain = account.address.split("@")
        for spelling in (local, local.upper(), f"{local}@", f"{local}@other.test", f"{local}@{domain}.",
                         f" {local}@{domain}", f"{local}\u00a0@{domain}", account.address.upper()):
            for part in ("imap", "smtp-saslauthd"):
                with self.subTest(spelling=spelling, part=part):
                    try:
                        answer = self.login(part, spelling, account.password)
                    except Exception as error:  # a daemon may refuse the name itself, in its own words
                        self.assertNotIsInstance(error, ConnectionRefusedError)
                    else:
                        self.assertFalse(answer.accepted, answer)

    def test_where_every_account_is_imported_an_unknown_one_can_be_refused(self):
        name = next(_free)
        support.server.pam("mailkey-pop3", support.server.system_stack("stack_user=local unknown_account=reject"))
        try:
            self.assert_refused("pop3", f"{name}@{DOMAIN}", PASSWORDS[name], "unknown_account")
        finally:
            support.server.pam("mailkey-pop3", support.server.system_stack("stack_user=local"))


class WrongStacks(DaemonTest):
    """An administrator's mistake must not become a way around the second factor."""

    def setUp(self):
        super().setUp()
        self.account = system_account()
        self.ours = f"{support.server.module} config={support.server.config} primary=stack stack_user=local"
        self.addCleanup(support.server.pam, "mailkey-sieve", support.server.virtual_stack())

    def refused_with(self, text):
        """Neither the system password nor password + code opens with this file."""
        support.server.pam("mailkey-sieve", text)
        # Each attempt comes from a network of its own: a refusal for too many attempts would prove nothing.
        number = next(_networks)
        credentials = (self.account.password, self.account.password + "123456")
        with ThreadPoolExecutor() as pool:  # every refusal takes Dovecot half a second
            answers = pool.map(
                lambda place, credential: CLIENTS["sieve"](support.server.port["sieve"], self.account.address,
                                                           credential, source=f"127.{place}.{number}.1"),
                (20, 21), credentials)
            for answer in answers:
                self.assertFalse(answer.accepted, f"opened with\n{text}")

    def test_any_control_word_on_our_lines_keeps_the_password_out(self):
        right = ("[success=done ignore=ignore default=die]", "required")
        words = ("required", "requisite", "sufficient", "optional", "[success=ok default=ignore]",
                 "[default=ignore]", "[success=1 default=ignore]")
        pairs = [(word, right[1]) for word in words] + [(right[0], word) for word in words]
        for first, last in [*pairs, *zip(words, words)]:
            with self.subTest(first=first, last=last):
                self.refused_with(f"auth {first} {self.ours}\n"
                                  f"auth requisite pam_unix.so use_first_pass nodelay\n"
                                  f"auth {last} {self.ours} finish\n"
                                  f"account required {self.ours}\naccount required pam_unix.so\n")

    def test_without_the_finish_line_the_account_line_keeps_the_password_out(self):
        self.refused_with(f"auth [success=done ignore=ignore default=die] {self.ours}\n"
                          f"auth requisite pam_unix.so use_first_pass nodelay\n"
                          f"account required {self.ours}\naccount required pam_unix.so\n")

    def test_with_only_the_account_line_nothing_opens(self):
        self.refused_with(f"auth required pam_unix.so nodelay\naccount required {self.ours}\naccount required pam_unix.so\n")

    def test_without_the_password_module_nothing_opens(self):
        self.refused_with(f"auth [success=done ignore=ignore default=die] {self.ours}\n"
                          f"auth required {self.ours} finish\n"
                          f"account required {self.ours}\n")

    def test_without_our_account_line_the_right_auth_lines_still_keep_the_password_out(self):
        self.refused_with(f"auth [success=done ignore=ignore default=die] {self.ours}\n"
                          f"auth requisite pam_unix.so use_first_pass nodelay\n"
                          f"auth required {self.ours} finish\n"
                          f"account required pam_unix.so\n")

    def test_a_module_that_permits_everything_between_our_lines_does_not_open_without_a_code(self):
        self.refused_with(f"auth [success=done ignore=ignore default=die] {self.ours}\n"
                          f"auth sufficient pam_permit.so\n"
                          f"auth required {self.ours} finish\n"
                          f"account required {self.ours}\n")

    def test_an_unknown_argument_is_refused(self):
        self.refused_with(f"auth required {support.server.module} config={support.server.config} primry=stack\n"
                          f"account required {self.ours}\n")


class BareNames(DaemonTest):
    """Machines where accounts are called by their system name."""

    def setUp(self):
        super().setUp()
        config = support.directory / "bare.toml"
        support.mailkey_bare = support.Mailkey(support.BUILT / "mailkey", config)
        if not config.exists():
            lines = (support.directory / "mailkey.toml").read_text().splitlines()
            kept = [line for line in lines if not line.startswith(("bare_names", "default_domain"))]
            config.write_text("\n".join(["bare_names = true", *kept, ""]))
            config.chmod((support.directory / "mailkey.toml").stat().st_mode & 0o7777)
        stack = support.server.system_stack().replace(str(support.server.config), str(config))
        support.server.pam("mailkey-imap", stack)
        self.addCleanup(support.server.pam, "mailkey-imap", support.server.system_stack("stack_user=local"))

    def test_a_bare_system_name_can_be_enrolled(self):
        name = next(_free)
        bare = support.mailkey_bare
        bare.add_user(name)
        self.assert_accepted("imap", name, PASSWORDS[name])
        bare.enable_totp(name)
        self.assert_refused("imap", name, PASSWORDS[name], "app_password_required")
        self.assert_accepted("imap", name, bare.app_password(name, "Test")["password"])


if __name__ == "__main__":
    support.main()
