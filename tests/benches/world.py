"""What stands around the timed processes: private users, PAM files, instances of mailkey, and a syslog daemon."""

import ctypes
import os
import pathlib
import resource
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "packaging/demo"))

import namespace  # noqa: E402

SYSTEM_USER = "bench"
SYSTEM_PASSWORD = "correct horse battery staple"
WORKER_ADDRESS_SPACE = 256 << 20  # what Dovecot gives an auth worker

# A PAM service and its lines; {module} is our module with its configuration.
SERVICES = {
    "permit": "auth required pam_permit.so\naccount required pam_permit.so\n",
    "mailkey-imap": "auth required {module}\naccount required {module}\n",
    "mailkey-webmail": "auth required {module}\naccount required {module}\n",
    "mailkey-panel": "auth required {module}\naccount required {module}\n",
    "large-imap": "auth required {large} mode=client protocol=imap\naccount required {large} mode=client protocol=imap\n",
    "server-imap": "auth required {server} mode=client protocol=imap\naccount required {server} mode=client protocol=imap\n",
    "far-imap": "auth required {far} mode=client protocol=imap\naccount required {far} mode=client protocol=imap\n",
    "far-webmail": "auth required {far} mode=webmail\naccount required {far} mode=webmail\n",
    "server-webmail": "auth required {server} mode=webmail\naccount required {server} mode=webmail\n",
    "unix": "auth required pam_unix.so\naccount required pam_unix.so\n",
    "google": "auth required pam_google_authenticator.so forward_pass user=root secret={google}\n"
              "auth required pam_unix.so use_first_pass\naccount required pam_unix.so\n",
}


class Broken(Exception):
    """Something that the benchmark stands on does not work."""


class World:
    def __init__(self, directory, built, program):
        self.directory = directory
        self.program = program
        self.built = built
        # Debian's files are only readable below the build directory by its owner; daemons get a copy.
        self.module = directory / "pam_mailkey.so"
        shutil.copyfile(built / "libmailkey.so", self.module)
        self.credentials = directory / "credentials"
        self._syslog = None
        self._system_user()
        self.config = self.instance("small")
        self.large_config = directory / "large/mailkey.toml"
        self._pam_files()

    # --- Instances ----------------------------------------------------------------------------------------

    def instance(self, name):
        """A complete mailkey instance with default settings; returns its configuration file."""
        home = self.directory / name
        home.mkdir()
        config = home / "mailkey.toml"
        run([self.built / "mailkey", "--config", config, "init", "--data-dir", home / "data"])
        return config

    def provision(self, config, *groups):
        run([self.program, "provision", config, self.credentials, *groups])

    def large_instance(self, accounts):
        """An instance with that many accounts, user0000000@example.org and on, each with 2FA and 3 app passwords."""
        config = self.instance("large")
        hashed = "$argon2id$v=19$m=19456,t=2,p=1,keyid=AAAAAQ$" + "A" * 22 + "$" + "A" * 43
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {accounts}) "
        now = int(time.time())
        database = sqlite3.connect(config.parent / "data/mailkey.db", isolation_level=None)
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN IMMEDIATE;")
        database.execute(numbers + """
            INSERT INTO account (uid, name, version, password, authenticators_made, created_at)
            SELECT randomblob(16), printf('user%07d@example.org', i), 2, ?, 1, ? FROM n""", (hashed, now))
        database.execute("""
            INSERT INTO authenticator (account, number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at)
            SELECT id, 1, 'phone', 1, randomblob(60), 'SHA1', 6, 30, ?1, ?1 FROM account""", (now,))
        for number in ("aaaa", "bbbb", "cccc"):
            database.execute("""
                INSERT INTO app_password (account, id, name, hash, protocols, created_at)
                SELECT id, ?, 'phone', ?, 15, ? FROM account""", (number, hashed, now))
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        database.close()
        return config

    # --- PAM ----------------------------------------------------------------------------------------------

    def _pam_files(self):
        """Two directories of PAM files: `debian` with this machine's `other`, `plain` with one that only denies."""
        values = {"module": f"{self.module} config={self.config}", "large": f"{self.module} config={self.large_config}",
                  **{name: f"{self.module} config={self.directory}/{name}/mailkey.toml" for name in ("server", "far")},
                  "google": self.directory / "google"}
        for variant in ("debian", "plain"):
            home = self.directory / f"pam-{variant}"
            home.mkdir()
            for service, lines in SERVICES.items():
                (home / service).write_text(lines.format(**values))
            (home / "other").write_text("auth required pam_deny.so\naccount required pam_deny.so\n")
        for file in pathlib.Path("/etc/pam.d").glob("common-*"):
            shutil.copy(file, self.directory / "pam-debian")
        if os.path.exists("/etc/pam.d/other"):
            shutil.copy("/etc/pam.d/other", self.directory / "pam-debian")

    def _system_user(self):
        """A user in a private /etc/passwd and /etc/shadow, with a yescrypt hash, and a phone for google-authenticator."""
        library = ctypes.CDLL("libcrypt.so.1")
        library.crypt.restype = library.crypt_gensalt.restype = ctypes.c_char_p
        salt = library.crypt_gensalt(b"$y$", ctypes.c_ulong(0), None, 0)
        hashed = library.crypt(SYSTEM_PASSWORD.encode(), salt).decode()
        if not hashed.startswith("$y$"):
            raise Broken("libcrypt makes no yescrypt hash")
        for file, line in (("passwd", f"{SYSTEM_USER}:x:4901:4901::/nonexistent:/usr/sbin/nologin"),
                           ("shadow", f"{SYSTEM_USER}:{hashed}:19000:0:99999:7:::")):
            private = self.directory / file
            private.write_text(pathlib.Path("/etc", file).read_text() + line + "\n")
            private.chmod(0o640 if file == "shadow" else 0o644)
            namespace.bind(private, f"/etc/{file}")
        secret = secrets.token_bytes(20)
        google = self.directory / "google"
        google.write_text(_base32(secret) + "\n\" TOTP_AUTH\n")
        google.chmod(0o400)
        # `=`: the code may be shown again, which google-authenticator allows unless told otherwise.
        self.credentials.write_text(f"system\t{SYSTEM_USER}\t{SYSTEM_PASSWORD}\n"
                                    f"google\t{SYSTEM_USER}\t{SYSTEM_PASSWORD}\t={secret.hex()}\n")

    # --- syslog -------------------------------------------------------------------------------------------

    def syslog(self, wanted):
        """Have a syslog daemon that reads /dev/log, or none."""
        if wanted == (self._syslog is not None):
            return
        if wanted:
            self._syslog = subprocess.Popen([self.program, "drain", "/dev/log"], stdout=subprocess.PIPE)
            self._syslog.stdout.readline()
            os.chmod("/dev/log", 0o666)
        else:
            self._syslog.kill()
            self._syslog.wait()
            self._syslog = None
            os.unlink("/dev/log")

    # --- The timing loop ----------------------------------------------------------------------------------

    def measure(self, rounds, arms, pam="debian"):
        """Runs the arms in turn in one process: ({label: [(ns, processor ns) of each round]}, memory in KiB)."""
        command = [self.program, "measure", self.directory / f"pam-{pam}", self.credentials, rounds,
                   *(f"{label}={arm}" for label, arm in arms.items())]
        times, memory = {}, None
        for line in run(command, preexec_fn=_like_a_worker).splitlines():
            label, *values = line.split(" ")
            if label == "memory":
                memory = [int(value) for value in values]
            else:
                times[label] = [tuple(map(int, value.split("/"))) for value in values]
        return times, memory

    def crowd(self, processes, arm, rounds, beside=lambda: None):
        """Logins per second of so many workers at once, of which each signs in so often; and what `beside` finds meanwhile."""
        command = [str(word) for word in (self.program, "measure", self.directory / "pam-debian", self.credentials, rounds,
                                          f"arm={arm}")]
        # Those that come before the rounds that count are logins, too.
        made = processes * (rounds + rounds // 10 + 3)
        began = time.monotonic()
        crowd = [subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=_like_a_worker) for _ in range(processes)]
        time.sleep(0.5)
        found = beside()
        if any(worker.wait() for worker in crowd):
            raise Broken(f"{arm}: a worker of the crowd failed")
        return made / (time.monotonic() - began), found

    def system_calls(self, arm, rounds):
        """System calls of one login: {name: number}. A `{}` in the arm becomes 0 and 1: codes open only once."""
        counts = {}
        for run_number, sign, number in ((0, -1, rounds), (1, 1, 2 * rounds)):
            trace = self.directory / "strace"
            run(["strace", "-f", "-qq", "-o", trace, self.program, "measure", self.directory / "pam-debian",
                 self.credentials, number, f"arm={arm.format(run_number)}"])
            for line in trace.read_text(errors="replace").splitlines():
                name = line.split(" ", 1)[1].lstrip().split("(", 1)[0]
                if name.isidentifier():
                    counts[name] = counts.get(name, 0) + sign
        made = 2 * rounds + 2 * rounds // 10 - rounds - rounds // 10
        return {name: count / made for name, count in counts.items() if abs(count) >= made / 20}


def run(command, **options):
    """The standard output of a command that must succeed."""
    command = [str(word) for word in command]
    done = subprocess.run(command, text=True, capture_output=True, **options)
    if done.returncode != 0:
        raise Broken(f"{' '.join(command)[:400]}: exit {done.returncode}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def _like_a_worker():
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_ADDRESS_SPACE, WORKER_ADDRESS_SPACE))
    os.umask(0o077)


def _base32(data):
    import base64

    return base64.b32encode(data).decode().rstrip("=")
