"""A complete mail server that exists only inside this process's private namespaces (see namespace.py).

Dovecot (imap, a second imap port for the webmail, pop3, submission, sieve, delivery), Postfix (a submission
port that asks Dovecot and one that asks saslauthd) and a syslog that keeps what the module writes. All of it
listens on loopback only, and everything that it keeps is in one directory.

    server = MailServer(directory, module=Path("target/release/libmailkey.so"), config=directory / "mailkey.toml")
    server.start()
    clients.imap(server.port["imap"], "anna@example.test", "secret")
    server.stop()

The configuration is written to be read: what it says to Dovecot 2.3 is what an administrator would write, apart
from paths and ports. Another Dovecot version is another function beside `dovecot_2_3`.
"""

import os
import pathlib
import shutil
import subprocess
from textwrap import dedent

import namespace
from daemons import Daemons, NotStarted, free_port  # noqa: F401
from syslog_catcher import SyslogCatcher

DOMAIN = "example.test"  # RFC 6761: never anybody's
PROTOCOLS = ("imap", "pop3", "smtp", "submission", "sieve", "webmail", "panel")  # one PAM service each

# What each port is, and the number it gets when it is free.
PORTS = {
    "imap": 10143,  # what phones and mail programs use
    "webmail": 10144,  # IMAP again; the port says that a webmail is signing in
    "webmail-sieve": 14191,  # sieve and Postfix again, for a webmail without session credentials
    "webmail-smtp": 10590,
    "pop3": 10110,
    "submission": 10587,  # Dovecot's own submission server
    "sieve": 14190,
    "smtp": 10588,  # Postfix, which asks Dovecot
    "smtp-saslauthd": 10589,  # Postfix, which asks saslauthd
    "relay": 10025,  # Postfix, where Dovecot's submission server hands mail on
}

# The Debian file that brings each part. A part that is not installed is left out, its port is None.
NEEDED = {
    "imap": "/usr/lib/dovecot/imap",
    "webmail": "/usr/lib/dovecot/imap",
    "webmail-sieve": "/usr/lib/dovecot/managesieve",
    "webmail-smtp": "/usr/lib/postfix/sbin/master",
    "pop3": "/usr/lib/dovecot/pop3",
    "submission": "/usr/lib/dovecot/submission",
    "sieve": "/usr/lib/dovecot/managesieve",
    "smtp": "/usr/lib/postfix/sbin/master",
    "smtp-saslauthd": "/usr/sbin/saslauthd",
    "relay": "/usr/lib/postfix/sbin/master",
}

LMTP = "/usr/lib/dovecot/lmtp"

MAIL_USER = ("vmail", 4900)  # the system user that owns virtual mailboxes; exists in the private /etc/passwd only


class MailServer:
    def __init__(self, directory, module, config, saslauthd=False, system_users=None, ipv6=False):
        """`system_users`: {name: password} of real users, in the private /etc/passwd and /etc/shadow."""
        namespace.require()
        self.addresses = "127.0.0.1, ::1" if ipv6 else "127.0.0.1"
        self.directory = pathlib.Path(directory)
        self.config = config
        self.module = self.directory / "pam_mailkey.so"
        shutil.copyfile(module, self.module)
        self.system_users = system_users or {}
        self.parts = [name for name, file in NEEDED.items() if os.path.exists(file)]
        if not saslauthd and "smtp-saslauthd" in self.parts:
            self.parts.remove("smtp-saslauthd")
        if "relay" not in self.parts:  # without Postfix nothing takes the mail, and nobody asks saslauthd
            self.parts = [part for part in self.parts if part not in ("submission", "smtp-saslauthd")]
        self.port = dict.fromkeys(PORTS)
        self.delivers = "relay" in self.parts and os.path.exists(LMTP)  # else sent mail arrives nowhere
        for part in self.parts:
            self.port[part] = free_port(PORTS[part])
        self.syslog = SyslogCatcher(copy_to=self.directory / "syslog")
        self.daemons = Daemons(self.directory)

    # --- Start and stop ---------------------------------------------------------------------------------

    def start(self):
        self._private_etc()
        self.syslog.start()
        run = self.directory / "run"
        run.mkdir()
        mail = self.directory / "mail"
        mail.mkdir(mode=0o700)
        os.chown(mail, MAIL_USER[1], MAIL_USER[1])
        dovecot = self.directory / "dovecot.conf"
        dovecot.write_text(dovecot_2_3(self))
        self.daemons.run("dovecot", "-F", "-c", dovecot)
        if "smtp-saslauthd" in self.parts:
            self._start_saslauthd()
        if "smtp" in self.parts:
            self._start_postfix()
        for part in self.parts:
            self.daemons.wait_for_port(part, self.port[part])

    def stop(self):
        self.daemons.stop()
        self.syslog.stop()

    def daemon_logs(self, lines=20):
        """The last lines of what the daemons themselves wrote."""
        parts = []
        for path in [*sorted(self.directory.glob("*.out")), self.directory / "dovecot.log", self.directory / "syslog"]:
            if path.exists() and path.stat().st_size:
                parts.append(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:]))
        return "\n".join(parts)

    # --- /etc -------------------------------------------------------------------------------------------

    def _private_etc(self):
        """Lay our own pam.d, postfix, passwd, group and shadow over the machine's, for this namespace only."""
        etc = self.directory / "etc"
        etc.mkdir()
        self._users(etc)
        (etc / "pam.d").mkdir()
        namespace.bind(etc / "pam.d", "/etc/pam.d")
        # What an unknown service gets. Debian's own file would let a bare system password in.
        self.pam("other", "auth required pam_deny.so\naccount required pam_deny.so\n")
        for protocol in PROTOCOLS:
            self.pam(f"mailkey-{protocol}", self.virtual_stack())
        if "smtp" in self.parts:
            shutil.copytree("/etc/postfix", etc / "postfix")
            namespace.bind(etc / "postfix", "/etc/postfix")

    def _users(self, etc):
        name, number = MAIL_USER
        added = {"passwd": [f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin"],
                 "group": [f"{name}:x:{number}:"],
                 "shadow": [f"{name}:!:19000::::::"]}
        for number, (name, password) in enumerate(self.system_users.items(), start=4910):
            added["passwd"].append(f"{name}:x:{number}:{MAIL_USER[1]}::/nonexistent:/usr/sbin/nologin")
            added["shadow"].append(f"{name}:{_hashed(password)}:19000::::::")
        for file, lines in added.items():
            kept = [line for line in pathlib.Path("/etc", file).read_text().splitlines()
                    if line.split(":")[0] not in {line.split(":")[0] for line in lines}]
            private = etc / file
            private.write_text("\n".join([*kept, *lines]) + "\n")
            private.chmod(0o640 if file == "shadow" else 0o644)
            namespace.bind(private, f"/etc/{file}")

    def pam(self, service, text):
        """Write /etc/pam.d/`service`; it counts from the next login on."""
        path = self.directory / "etc/pam.d" / service
        # Replaced in one step: a login that reads half a file would be refused for the wrong reason.
        draft = path.parent / f".{service}.new"
        draft.write_text(text)
        draft.rename(path)

    def virtual_stack(self, arguments=""):
        """The PAM file for accounts whose password mailkey keeps."""
        line = f"required {self.module} config={self.config} {arguments}".rstrip()
        return f"auth    {line}\naccount {line}\n"

    def system_stack(self, arguments="", finish="", password_module="pam_unix.so use_first_pass nodelay"):
        """The PAM file for accounts whose password another module checks."""
        ours = f"{self.module} config={self.config} {arguments}".rstrip()
        return dedent(f"""\
            auth    [success=done ignore=ignore default=die]  {ours} primary=stack
            auth    requisite  {password_module}
            auth    required   {ours} primary=stack finish {finish}
            account required   {ours} primary=stack
            account required   pam_unix.so
            """)

    # --- Postfix and saslauthd --------------------------------------------------------------------------

    def _start_saslauthd(self):
        # -r: the service gets anna@example.test, not anna. No -c: its cache would know revoked passwords for hours.
        # -d keeps it in the foreground.
        run = self.directory / "run/saslauthd"
        run.mkdir()
        self.daemons.run("saslauthd", "-d", "-a", "pam", "-r", "-n", "3", "-m", str(run))

    def _start_postfix(self):
        etc, spool, state = (self.directory / name for name in ("etc/postfix", "run/postfix", "run/postfix-state"))
        spool.mkdir()
        state.mkdir()
        shutil.chown(state, "postfix")
        (etc / "main.cf").write_text(postfix_main(self, spool, state))
        (etc / "master.cf").write_text(postfix_master(self))
        (etc / "sasl").mkdir(exist_ok=True)
        (etc / "sasl/saslauthd.conf").write_text(dedent(f"""\
            pwcheck_method: saslauthd
            saslauthd_path: {self.directory}/run/saslauthd/mux
            mech_list: PLAIN LOGIN
            """))
        self.daemons.run("postfix", "start-fg")


# --- Configuration files --------------------------------------------------------------------------------


def dovecot_2_3(server):
    """dovecot.conf for Dovecot 2.3 (Debian 12)."""
    port = {name: number or 0 for name, number in server.port.items()}  # 0: Dovecot does not listen
    wanted = {"imap": "imap", "pop3": "pop3", "submission": "submission", "sieve": "sieve"}
    protocols = [protocol for part, protocol in wanted.items() if part in server.parts]
    if server.delivers:
        protocols.append("lmtp")
    run = server.directory / "run"
    text = f"""\
        # The logins. mailkey is the only passdb, and the name of its PAM service says who is asking:
        # mailkey-webmail on the webmail's ports (imap and sieve), else mailkey-imap, mailkey-pop3, mailkey-sieve, …
        passdb {{
          driver = pam
          args = %{{if;%{{real_lport}};~;^({port["webmail"]}|{port["webmail-sieve"]})$;mailkey-webmail;mailkey-%s}}
          result_failure = return-fail
        }}
        userdb {{
          driver = static
          args = uid={MAIL_USER[0]} gid={MAIL_USER[0]} home={server.directory}/mail/%u allow_all_users=yes
        }}
        auth_mechanisms = plain login

        # The ports.
        listen = {server.addresses}
        protocols = {' '.join(protocols)}
        service imap-login {{
          inet_listener imap {{
            port = {port["imap"]}
          }}
          inet_listener webmail {{
            port = {port["webmail"]}
          }}
          inet_listener imaps {{
            port = 0
          }}
          service_count = 0
        }}
        service pop3-login {{
          inet_listener pop3 {{
            port = {port["pop3"]}
          }}
          inet_listener pop3s {{
            port = 0
          }}
        }}
        service submission-login {{
          inet_listener submission {{
            port = {port["submission"]}
          }}
        }}
        service managesieve-login {{
          inet_listener sieve {{
            port = {port["sieve"]}
          }}
          inet_listener webmail {{
            port = {port["webmail-sieve"]}
          }}
        }}
        service lmtp {{
          unix_listener {run}/lmtp {{
            mode = 0666
          }}
        }}
        service auth {{
          unix_listener {run}/auth-for-postfix {{
            mode = 0666
          }}
        }}
        submission_relay_host = 127.0.0.1
        submission_relay_port = {port["relay"]}

        # The mail.
        mail_location = maildir:~/Maildir
        mail_max_userip_connections = 200

        # Only because this server is for one machine and one hour: no TLS, and no waiting after a wrong
        # password (a demonstration gives many on purpose; on a real server both must stay on).
        ssl = no
        disable_plaintext_auth = no
        auth_failure_delay = 0
        service anvil {{
          unix_listener anvil-auth-penalty {{
            mode = 0
          }}
        }}

        base_dir = {run}/dovecot
        state_dir = {run}/dovecot-state
        instance_name = mailkey-demo
        log_path = {server.directory}/dovecot.log
        auth_verbose = yes
        hostname = mail.{DOMAIN}
        postmaster_address = postmaster@{DOMAIN}
        """
    text = dedent(text)
    if not server.delivers:
        text = _without_block(text, "service lmtp")
    if "sieve" not in server.parts:
        text = _without_block(text, "service managesieve-login")
    if "submission" not in server.parts:
        text = _without_block(_without_block(text, "service submission-login"), "submission_relay", lines=2)
    if "pop3" not in server.parts:
        text = _without_block(text, "service pop3-login")
    return text


def postfix_main(server, spool, state):
    """main.cf"""
    return dedent(f"""\
        compatibility_level = 3.6
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mail.{DOMAIN}
        mydestination =
        mynetworks = 127.0.0.0/8
        alias_maps =
        virtual_mailbox_domains = {DOMAIN}
        virtual_transport = lmtp:unix:{server.directory}/run/lmtp
        smtpd_relay_restrictions = permit_mynetworks, reject
        smtpd_sasl_security_options = noanonymous
        smtpd_error_sleep_time = 0
        smtpd_client_connection_count_limit = 0
        smtpd_tls_security_level = none
        cyrus_sasl_config_path = /etc/postfix/sasl
        queue_directory = {spool}
        data_directory = {state}
        """)


def postfix_master(server):
    """master.cf: the ports, and Debian's usual internal services without a chroot."""
    login = "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject " \
            "-o mynetworks= -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
    lines = [
        f"127.0.0.1:{server.port['relay']} inet n - n - - smtpd",
        # Dovecot builds the PAM service name itself: mailkey-smtp.
        f"127.0.0.1:{server.port['smtp']} inet n - n - - smtpd {login}",
        f"  -o smtpd_sasl_type=dovecot -o smtpd_sasl_path={server.directory}/run/auth-for-postfix",
        # The same for a webmail that signs in with password and code: mailkey-webmail.
        f"127.0.0.1:{server.port['webmail-smtp']} inet n - n - - smtpd {login}",
        f"  -o smtpd_sasl_type=dovecot -o smtpd_sasl_path={server.directory}/run/auth-for-postfix",
        "  -o smtpd_sasl_service=webmail",
    ]
    if "smtp-saslauthd" in server.parts:
        lines += [
            # saslauthd takes the PAM service name from smtpd_sasl_service.
            f"127.0.0.1:{server.port['smtp-saslauthd']} inet n - n - - smtpd {login}",
            "  -o smtpd_sasl_type=cyrus -o smtpd_sasl_path=saslauthd -o smtpd_sasl_service=mailkey-smtp",
        ]
    lines += [
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify",
        "flush unix n - n 1000? 0 flush",
        "proxymap unix - - n - - proxymap",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
    ]
    return "\n".join(lines) + "\n"


def _without_block(text, start, lines=None):
    """`text` without the top-level block (or the given number of lines) that begins with `start`."""
    kept, skipping = [], 0
    for line in text.splitlines():
        if line.startswith(start):
            skipping = lines or -1
        if skipping == 0:
            kept.append(line)
        elif skipping > 0:
            skipping -= 1
        elif line == "}":
            skipping = 0
    return "\n".join(kept) + "\n"


def _hashed(password):
    """A hash for /etc/shadow."""
    return subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, text=True, check=True,
                          capture_output=True).stdout.strip()
