"""What is in the packages."""

import gzip
import pathlib
import re
import shutil
import tempfile
import tomllib
import unittest

import packages

# The README states it.
GLIBC = (2, 34)
LIBRARIES = {
    "pam_mailkey.so": {"libpam.so.0", "libgcc_s.so.1", "libm.so.6", "libc.so.6"},
    "mailkey": {"libpam.so.0", "libgcc_s.so.1", "libm.so.6", "libc.so.6"},
    "mailkey-panel": {"libpam.so.0", "libgcc_s.so.1", "libm.so.6", "libc.so.6"},
}
# Part of glibc: for thread-local data.
LOADER = re.compile(r"ld-linux.*\.so\.\d")

directory = None
debs = None


def setUpModule():
    global directory, debs
    directory = pathlib.Path(tempfile.mkdtemp(prefix="contents."))
    debs = packages.build()
    for name, package in debs.items():
        packages.unpack(package, directory / name)


def tearDownModule():
    shutil.rmtree(directory)


def binaries():
    (module,) = directory.glob("libpam-mailkey/usr/lib/*/security/pam_mailkey.so")
    return [module, directory / "mailkey/usr/sbin/mailkey", directory / "mailkey-panel/usr/sbin/mailkey-panel"]


class Binaries(unittest.TestCase):
    def test_they_need_libc_libpam_and_libgcc_and_nothing_else(self):
        for binary in binaries():
            needed = set(re.findall(r"NEEDED +(\S+)", packages.run(["objdump", "-p", binary])))
            needed = {name for name in needed if not LOADER.fullmatch(name)}
            self.assertEqual(needed, LIBRARIES[binary.name], binary.name)

    def test_they_run_with_the_oldest_glibc_that_the_documentation_names(self):
        for binary in binaries():
            symbols = packages.run(["objdump", "-T", binary])
            versions = {tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([0-9.]+)", symbols)}
            self.assertEqual(max(versions), GLIBC, binary.name)

    def test_they_name_no_path_of_the_machine_that_compiled_them(self):
        for binary in binaries():
            content = binary.read_bytes()
            for path in (str(packages.CHECKOUT), str(packages.cargo_home())):
                self.assertNotIn(path.encode(), content, binary.name)

    def test_the_module_is_the_one_that_libpam_asks_for(self):
        exported = packages.run(["nm", "--dynamic", "--defined-only", "--format=just-symbols", binaries()[0]]).split()
        self.assertEqual(exported, ["pam_sm_acct_mgmt", "pam_sm_authenticate", "pam_sm_chauthtok", "pam_sm_close_session",
                                    "pam_sm_open_session", "pam_sm_setcred"])
        self.assertIn("NODELETE", packages.run(["readelf", "--dynamic", binaries()[0]]))


class Contents(unittest.TestCase):
    def test_the_packages_have_the_version_of_the_source(self):
        version = tomllib.loads((packages.CHECKOUT / "Cargo.toml").read_text())["package"]["version"]
        for name, package in debs.items():
            self.assertEqual(packages.field(package, "Version"), version, name)

    def test_only_the_pam_services_the_files_for_fail2ban_and_the_settings_of_panel_and_plugin_are_conffiles(self):
        services = {f"/etc/pam.d/mailkey-{name}" for name in
                    ("imap", "pop3", "smtp", "submission", "sieve", "webmail", "panel")}
        fail2ban = {"/etc/fail2ban/filter.d/mailkey.conf", "/etc/fail2ban/jail.d/mailkey.conf"}
        wanted = {"mailkey": set(), "libpam-mailkey": services | fail2ban, "mailkey-panel": {"/etc/mailkey/panel.toml"},
                  "roundcube-plugins-mailkey": {"/etc/roundcube/plugins/mailkey/config.inc.php"}}
        for name in debs:
            conffiles = directory / name / "DEBIAN/conffiles"
            self.assertEqual(set(conffiles.read_text().split()) if conffiles.exists() else set(), wanted[name], name)

    def test_the_pam_services_are_the_text_that_the_repository_has(self):
        text = (packages.CHECKOUT / "packaging/pam.d/store").read_text()
        for service in directory.glob("libpam-mailkey/etc/pam.d/*"):
            self.assertEqual(service.read_text(), text, service.name)

    def test_the_panels_configuration_is_the_one_that_the_source_has(self):
        file = directory / "mailkey-panel/etc/mailkey/panel.toml"
        self.assertEqual(file.read_bytes(), (packages.CHECKOUT / "src/bin/mailkey-panel/panel.toml").read_bytes())
        self.assertEqual(file.stat().st_mode & 0o777, 0o644)

    def test_the_panel_has_a_manual_page(self):
        with gzip.open(directory / "mailkey-panel/usr/share/man/man8/mailkey-panel.8.gz", "rt") as file:
            page = file.read()
        for word in ("SYNOPSIS", "/etc/mailkey/panel.toml", "EXAMPLES"):
            self.assertIn(word, page)
        self.assertNotIn("pam-worker", page.replace("\\", ""), "what is for the panel itself is not for people")

    def test_every_verb_has_a_manual_page_and_three_shells_have_completions(self):
        pages = {page.name.removesuffix(".8.gz") for page in directory.glob("mailkey/usr/share/man/man8/*.8.gz")}
        self.assertIn("mailkey-app-password-add", pages)
        stage = {page.stem for page in (packages.CHECKOUT / "target/package/stage/man").iterdir()}
        self.assertEqual(pages, stage)
        share = directory / "mailkey/usr/share"
        for shell, file in (("bash", "bash-completion/completions/mailkey"), ("zsh", "zsh/vendor-completions/_mailkey"),
                            ("fish", "fish/vendor_completions.d/mailkey.fish")):
            self.assertIn("app-password", (share / file).read_text(), shell)

    def test_every_example_is_there_to_be_copied(self):
        for package, place, kinds in (("libpam-mailkey", "", ("dovecot", "pam.d", "postfix", "apparmor")),
                                      ("mailkey-panel", "panel", ("nginx", "apache"))):
            examples = directory / package / "usr/share/doc" / package / "examples"
            for kind in kinds:
                for file in (packages.CHECKOUT / "packaging" / place / kind).iterdir():
                    self.assertEqual((examples / kind / file.name).read_bytes(), file.read_bytes(), file)

    def test_the_units_are_the_files_that_the_repository_has(self):
        for package, name in (("mailkey", "mailkey-init.service"), ("mailkey", "mailkey-hook.service"),
                              ("mailkey", "mailkey-hook.path"), ("mailkey", "mailkey-hook.timer"),
                              ("mailkey", "mailkey-notify.service"), ("mailkey", "mailkey-notify.timer"),
                              ("mailkey-panel", "mailkey-panel.service")):
            (unit,) = directory.glob(f"{package}/**/systemd/system/{name}")
            self.assertEqual(unit.read_bytes(), (packages.CHECKOUT / f"packaging/systemd/{name}").read_bytes())

    def test_the_licence_of_every_crate_inside_is_named(self):
        packages.run([packages.CHECKOUT / "packaging/debian/licences", "--check"])
