#!/usr/bin/python3 -B
"""Checks of the RPM packages: what is in them, that a second build has the same bytes, and what they do to a machine.

    sudo tests/packages/test_rpm.py              everything
    sudo tests/packages/test_rpm.py -k upgrade   the tests whose name has "upgrade"

There is no RPM distribution here: dnf installs into a throwaway Debian tree, see rpm_root.py. The last line counts, for
tests/run.
"""

import functools
import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
import namespace
from rpm_root import Root, libraries, release, run, tree  

RPM = CHECKOUT / "packaging/rpm"
STAGE = CHECKOUT / "target/package/stage"
NAMES = ("mailkey", "pam_mailkey", "mailkey-panel", "roundcubemail-plugin-mailkey")
SERVICES = ("imap", "pop3", "smtp", "submission", "sieve", "webmail", "panel")
# What Debian 12 builds runs on RHEL 9 and all that is newer; packaging/rpm/README.md says so.
OLDEST_GLIBC = (2, 34)

directory = None  # of this run


def setUpModule():
    global directory
    # Of our own, because tests/packages/run runs these tests beside others.
    directory = pathlib.Path(os.environ[namespace.INSIDE], "rpm")
    directory.mkdir(mode=0o755)
    for tool, package in (("rpmbuild", "rpm"), ("rpmlint", "rpmlint"), ("dnf", "dnf"), ("gcc", "gcc")):
        if not shutil.which(tool):
            raise unittest.SkipTest(f"{tool} is missing: apt-get install {package}")
    # Where another suite has compiled this commit already, that is quick.
    run(CHECKOUT / "packaging/compile")


def pack(number, place):
    """Pack what is compiled, as this release, into that directory: {name: path}."""
    run(RPM / "build", "--compiled", "--release", number, "--output", place)
    return {name: next(place.glob(f"{name}-[0-9]*.rpm")) for name in NAMES}


@functools.cache
def packages():
    """The packages: release 1, whose number and place are the usual ones."""
    run(RPM / "build", "--compiled")
    return {name: next((CHECKOUT / "target/rpm").glob(f"{name}-[0-9]*.rpm")) for name in NAMES}


@functools.cache
def later():
    """The packages of release 2."""
    return pack(2, directory / "later")


def query(package, *arguments):
    return run("rpm", "-qp", *arguments, package).splitlines()


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Packages(unittest.TestCase):
    """What is in the files."""

    longMessage = True

    def test_rpmlint_has_nothing_to_say(self):
        said = run("rpmlint", "--rpmlintrc", RPM / "mailkey.rpmlintrc", *packages().values(), RPM / "mailkey.spec")
        self.assertIn(" 0 errors, 0 warnings", said)

    def test_two_builds_have_the_same_bytes(self):
        again = pack(1, directory / "again")
        for name in NAMES:
            self.assertEqual(checksum(packages()[name]), checksum(again[name]), name)

    def test_the_module_needs_libc_libpam_and_libgcc_alone(self):
        needed = query(packages()["pam_mailkey"], "--requires")
        of_libraries = {re.sub(r"\(.*", "", line) for line in needed if ".so." in line}
        self.assertEqual(of_libraries, {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libpam.so.0", _loader()})
        others = {line for line in needed if ".so." not in line and not re.match(r"rpmlib\(|rtld\(|config\(", line)}
        self.assertEqual({re.sub(r"\(.*?\)", "", line) for line in others},
                         {"/bin/sh", "pam", f"mailkey = {_version()}-1"})

    def test_the_command_needs_libraries_and_files_but_no_package_that_has_another_name_elsewhere(self):
        needed = query(packages()["mailkey"], "--requires")
        others = {line for line in needed if ".so." not in line and not re.match(r"rpmlib\(|rtld\(|config\(", line)}
        self.assertEqual(others, {"/bin/sh", "/usr/sbin/groupadd"})

    def test_the_packages_need_no_newer_glibc_than_is_written(self):
        newest = max(tuple(map(int, found.split(".")))
                     for name in ("mailkey", "pam_mailkey", "mailkey-panel")
                     for found in re.findall(r"GLIBC_([\d.]+)", "\n".join(query(packages()[name], "--requires"))))
        if release() == "bookworm":
            self.assertEqual(newest, OLDEST_GLIBC, "packaging/rpm/README.md names the distributions")
            self.assertIn("glibc {}.{}".format(*newest), (RPM / "README.md").read_text())
        self.assertLessEqual(newest, tuple(map(int, os.confstr("CS_GNU_LIBC_VERSION").split()[1].split("."))))

    def test_nothing_but_configuration_is_marked_as_configuration(self):
        marked = {name: query(package, "--configfiles") for name, package in packages().items()}
        self.assertEqual(marked["mailkey"], [])
        self.assertEqual(marked["mailkey-panel"], ["/etc/mailkey/panel.toml"])
        services = {f"/etc/pam.d/mailkey-{service}" for service in SERVICES}
        fail2ban = {"/etc/fail2ban/filter.d/mailkey.conf", "/etc/fail2ban/jail.d/mailkey.conf"}
        self.assertEqual(set(marked["pam_mailkey"]), services | fail2ban)
        self.assertEqual(marked["roundcubemail-plugin-mailkey"], ["/etc/roundcubemail/mailkey.inc.php"])

    def test_no_file_of_an_instance_belongs_to_a_package(self):
        for package in packages().values():
            for path in set(query(package, "--list")) - {"/etc/mailkey/panel.toml"}:
                self.assertNotRegex(path, r"^(/etc/mailkey|/var/lib/mailkey(-recipients)?)/")

    def test_the_documentation_names_files_that_are_there(self):
        files = {line for package in packages().values() for line in query(package, "--list")}
        for document in (RPM / "README.md", CHECKOUT / "packaging/selinux/README.md"):
            for path in re.findall(r"/usr/share/doc/[\w./-]+", document.read_text()):
                self.assertIn(path.rstrip("/."), files, document)


class Machine(unittest.TestCase):
    """What dnf and the packages do to a machine."""

    longMessage = True

    def setUp(self):
        tree()
        root = Root(directory)
        self.root = root.__enter__()
        self.addCleanup(root.__exit__)
        shutil.copy2(client(), self.root.path("/client"))

    def install(self):
        """The packages, and an account."""
        said = self.root.dnf("install", *packages().values())
        self.root.run("mailkey", "user", "add", "alice@example.org", "--password-stdin", given="own password of alice\n")
        return said

    def login(self, password="own password of alice", service="mailkey-imap"):
        """What libpam answers: True for accepted."""
        hexadecimal = (text.encode().hex() for text in ("alice@example.org", "192.0.2.7", password))
        said = self.root.run("/client", "/etc/pam.d", given=f"auth {service} {' '.join(hexadecimal)}\n")
        answer = re.match(r"auth=(\d+) acct=(\d+|-) ", said)
        self.assertIsNotNone(answer, said)
        return answer.groups() == ("0", "0")

    def installed(self, name):
        """Version and release; empty when it is not installed."""
        return [line.removeprefix(f"{name}-").rsplit(".", 1)[0]
                for line in self.root.rpm("-q", name, check=False).splitlines() if "not installed" not in line]

    def assert_verified(self):
        for name in NAMES:
            self.assertEqual(self.root.rpm("-V", name, check=False), "", name)

    def test_installing_makes_group_key_and_database_and_a_login_works(self):
        said = self.install()
        self.assertIn("keep a copy of the key", said)
        group = self.root.run("getent", "group", "mailkey").split(":")[2]
        modes = {"/etc/mailkey/key": 0o640, "/var/lib/mailkey": 0o2770, "/var/lib/mailkey/mailkey.db": 0o660}
        for path, mode in modes.items():
            status = self.root.path(path).stat()
            self.assertEqual((status.st_mode & 0o7777, status.st_uid, str(status.st_gid)), (mode, 0, group), path)
        self.assert_verified()
        self.assertEqual(checksum(self.root.path("/usr/sbin/mailkey")), checksum(STAGE / "mailkey"))
        module = self.root.path("/usr/lib64/security/pam_mailkey.so")
        self.assertEqual(checksum(module), checksum(STAGE / "pam_mailkey.so"))
        for service in SERVICES:
            self.assertTrue(self.login(service=f"mailkey-{service}"), service)
        self.assertFalse(self.login("another password"))
        self.assert_verified()

    def check_panel(self):
        """The panel as its unit starts it, with a look at what it needs alone."""
        return self.root.run("setpriv", "--reuid=mailkey-panel", "--regid=mailkey-panel", "--groups=mailkey", "mailkey-panel",
                             "--check")

    def test_the_panel_opens_the_database_as_its_own_user(self):
        self.install()
        self.assertIn("all is well", self.check_panel())
        self.assertEqual(self.root.run("id", "-Gn", "mailkey-panel").strip(), "mailkey-panel")

    def test_the_panels_configuration_stays_as_it_was_changed(self):
        self.install()
        settings = self.root.path("/etc/mailkey/panel.toml")
        settings.write_text(settings.read_text() + "session_idle = 600\n")
        self.root.dnf("upgrade", *later().values())
        self.assertIn("session_idle = 600", settings.read_text())
        self.assertIn("all is well", self.check_panel())
        self.root.dnf("remove", "mailkey-panel")
        self.assertIn("session_idle = 600", settings.with_name("panel.toml.rpmsave").read_text())
        self.assertFalse(self.root.path("/usr/lib/systemd/system/mailkey-panel.service").exists())

    def test_manual_pages_and_completions_are_where_they_are_looked_for(self):
        self.install()
        for path in ("/usr/share/man/man8/mailkey.8.gz", "/usr/share/man/man8/mailkey-app-password-add.8.gz", "/usr/share/man/man8/mailkey-panel.8.gz",
                     "/usr/share/bash-completion/completions/mailkey", "/usr/share/zsh/site-functions/_mailkey",
                     "/usr/share/fish/vendor_completions.d/mailkey.fish", "/usr/lib/sysusers.d/mailkey.conf",
                     "/usr/lib/systemd/system/mailkey-hook.path", "/usr/lib/systemd/system/mailkey-hook.timer"):
            self.assertTrue(self.root.path(path).is_file(), path)

    def test_the_plugin_has_its_configuration_in_etc(self):
        self.install()
        plugin = "/usr/share/roundcubemail/plugins/mailkey"
        self.assertTrue(self.root.path(f"{plugin}/mailkey.php").is_file())
        configuration = self.root.run("readlink", "-e", f"{plugin}/config.inc.php").strip()
        self.assertEqual(configuration, "/etc/roundcubemail/mailkey.inc.php")

    def test_upgrade_and_reinstallation_keep_data_and_changed_services(self):
        self.install()
        service = self.root.path("/etc/pam.d/mailkey-imap")
        service.write_text(service.read_text() + "# changed here\n")
        key = self.root.path("/etc/mailkey/key").read_bytes()
        for verb, files in (("upgrade", later()), ("reinstall", later()), ("downgrade", packages())):
            with self.subTest(verb):
                said = self.root.dnf(verb, *files.values())
                self.assertNotIn("keep a copy of the key", said)
                self.assertNotIn("scriptlet failed", said)
                number = 1 if verb == "downgrade" else 2
                self.assertEqual(self.installed("pam_mailkey"), [f"{_version()}-{number}"])
                self.assertIn("# changed here", service.read_text())
                self.assertEqual(self.root.path("/etc/mailkey/key").read_bytes(), key)
                self.assertTrue(self.login())

    def test_the_database_is_migrated_before_the_new_module_is_there(self):
        self.install()
        self.older_database()
        self.assertFalse(self.login(), "the login path migrates nothing")
        said = self.root.dnf("upgrade", *later().values())
        migrated, module = said.find("migrated  database"), said.find("pam_mailkey", said.find("Running transaction\n"))
        self.assertGreater(migrated, -1, said)
        self.assertLess(migrated, module, said)
        self.root.run("mailkey", "user", "add", "alice@example.org", "--password-stdin", given="own password of alice\n")
        self.assertTrue(self.login())

    def test_without_a_usable_database_the_old_module_stays(self):
        self.install()
        key = self.root.path("/etc/mailkey/key")
        away = key.rename(key.with_name("key.away"))
        said = self.root.dnf("upgrade", *later().values(), check=False)
        self.assertIn("restore the key from its backup", said)
        self.assertIn("mailkey: init failed, see above", said)
        self.assertIn("pam_mailkey: not installed, because mailkey init failed", said)
        self.assertEqual(self.installed("pam_mailkey"), [f"{_version()}-1"])
        self.assertEqual(self.root.rpm("-V", "--nodeps", "pam_mailkey", check=False), "")

        # What the messages say mends it.
        away.rename(key)
        self.assertTrue(self.login(), "the old module, as soon as the key is back")
        self.root.run("mailkey", "init")
        self.root.dnf("install", later()["pam_mailkey"])
        self.assertEqual(self.installed("pam_mailkey"), [f"{_version()}-2"])
        self.assertTrue(self.login())
        self.assert_verified()

    def test_removal_keeps_secrets_and_data_and_they_work_again(self):
        self.install()
        service = self.root.path("/etc/pam.d/mailkey-imap")
        service.write_text(service.read_text() + "# changed here\n")
        kept = [self.root.path(path)
                for path in ("/etc/mailkey/key", "/etc/mailkey/mailkey.toml", "/var/lib/mailkey/mailkey.db")]
        before = [checksum(path) for path in kept]
        self.root.dnf("remove", *NAMES)
        self.assertEqual([checksum(path) for path in kept], before)
        for path in ("/usr/sbin/mailkey", "/usr/sbin/mailkey-panel", "/usr/lib64/security/pam_mailkey.so", "/etc/pam.d/mailkey-webmail",
                     "/usr/share/doc/pam_mailkey", "/usr/share/roundcubemail/plugins/mailkey"):
            self.assertFalse(os.path.lexists(self.root.path(path)), path)
        self.assertIn("# changed here", service.with_name("mailkey-imap.rpmsave").read_text())
        self.root.dnf("install", *packages().values())
        self.assertTrue(self.login())

    def test_what_the_documentation_says_removes_everything(self):
        self.install()
        said = (RPM / "README.md").read_text()
        commands = re.findall(r"^    sudo (.*)$", said[said.index("## Remove"):], re.M)
        self.assertTrue(any(command.startswith("dnf remove") for command in commands), commands)
        for command in commands:
            if command.startswith("dnf "):
                self.root.dnf(*command.split()[1:])
            else:
                self.root.run(*command.split())
        left = self.root.run("find", "/etc", "/usr", "/var", "-xdev", "-name", "*mailkey*").split()
        # The name that rpm_root.py has made.
        self.assertEqual(left, [f"{libraries()}/security/pam_mailkey.so"])
        self.assertEqual(self.root.run("getent", "group", "mailkey", check=False), "")

    def older_database(self):
        """Put an empty database of the first schema in the place of the one that is there."""
        path = self.root.path("/var/lib/mailkey/mailkey.db")
        with sqlite3.connect(path) as database:
            (application,) = database.execute("PRAGMA application_id").fetchone()
        database.close()
        for file in path.parent.glob("mailkey.db*"):
            file.write_bytes(b"") if file == path else file.unlink()
        database = sqlite3.connect(path)
        database.executescript((CHECKOUT / "src/store/schema/0001_accounts.sql").read_text())
        database.execute(f"PRAGMA application_id = {application}")
        database.execute("PRAGMA user_version = 1")
        database.close()


class SELinux(unittest.TestCase):
    """The policy module, in Debian's policy: this kernel enforces none, so it is read and not tried."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        for tool, package in (("sesearch", "setools"), ("checkmodule", "checkpolicy")):
            if not shutil.which(tool):
                raise unittest.SkipTest(f"{tool} is missing: apt-get install {package}")
        makefile = pathlib.Path("/usr/share/selinux/devel/Makefile")
        if not makefile.exists():
            raise unittest.SkipTest(f"{makefile} is missing: apt-get install selinux-policy-dev")
        tree()
        source = directory / "selinux"
        shutil.copytree(CHECKOUT / "packaging/selinux", source)
        run("make", "-f", makefile, "mailkey.pp", cwd=source)
        root = Root(directory)
        cls.root = root.__enter__()
        cls.addClassCleanup(root.__exit__)
        shutil.copy2(source / "mailkey.pp", cls.root.path("/mailkey.pp"))
        cls.root.run("semodule", "--noreload", "--install", "/mailkey.pp")
        (cls.policy,) = cls.root.path("/etc/selinux/default/policy").glob("policy.*")

    def allowed(self, domain, kind, of="file"):
        """What this domain may do with files of this type."""
        said = run("sesearch", "--allow", "-s", domain, "-t", kind, "-c", of, self.policy)
        # Rules about attributes, such as "may look at the file system of every file", name no type of ours.
        rules = re.findall(r"^allow \S+ mailkey_\w+:\w+ (?:\{ ([^}]*) \}|(\w+));", said, re.M)
        return {word for rule in rules for words in rule for word in words.split()}

    def test_who_loads_the_module_reads_the_key_and_writes_the_database(self):
        for domain in ("dovecot_auth_t", "saslauthd_t"):
            key = self.allowed(domain, "mailkey_etc_t")
            self.assertLessEqual({"read", "open", "getattr"}, key, domain)
            self.assertFalse({"write", "append", "create", "unlink"} & key, domain)
            database = self.allowed(domain, "mailkey_var_lib_t")
            self.assertLessEqual({"read", "write", "create", "unlink", "lock", "map"}, database, domain)
            place = self.allowed(domain, "mailkey_var_lib_t", "dir")
            self.assertLessEqual({"add_name", "remove_name", "search"}, place, domain)

    def test_the_rest_of_the_mail_server_reads_the_recipients_alone(self):
        for domain in ("dovecot_t", "dovecot_auth_t", "postfix_smtpd_t", "postfix_cleanup_t"):
            self.assertLessEqual({"read", "open", "lock"}, self.allowed(domain, "mailkey_recipients_t"), domain)
            self.assertNotIn("write", self.allowed(domain, "mailkey_recipients_t"), domain)
        for domain in ("dovecot_t", "dovecot_deliver_t", "postfix_smtpd_t", "postfix_cleanup_t", "httpd_t"):
            for kind in ("mailkey_etc_t", "mailkey_var_lib_t"):
                self.assertEqual(self.allowed(domain, kind), set(), f"{domain} {kind}")

    def test_files_get_the_types_by_their_names(self):
        types = {"/etc/mailkey/key": "mailkey_etc_t", "/var/lib/mailkey/mailkey.db-shm": "mailkey_var_lib_t",
                 "/var/lib/mailkey": "mailkey_var_lib_t", "/var/lib/mailkey-recipients/some.db": "mailkey_recipients_t"}
        contexts = self.root.path("/etc/selinux/default/contexts/files/file_contexts").read_text().splitlines()
        for path, wanted in types.items():
            matching = [line.split() for line in contexts if "mailkey" in line and re.fullmatch(line.split()[0], path)]
            self.assertEqual([fields[-1].split(":")[2] for fields in matching], [wanted], path)


@functools.cache
def client():
    """tests/pam/client.c: a program that logs in through the real libpam."""
    program = directory / "client"
    run("gcc", "-I", CHECKOUT / "include", "-o", program, CHECKOUT / "tests/pam/client.c", "-lpam")
    return program


def _loader():
    return {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}[os.uname().machine]


def _version():
    return re.search(r'^version = "(.*)"', (CHECKOUT / "Cargo.toml").read_text(), re.M).group(1)
