"""IMAP logins through Dovecot, tuned so that the passdb decides: login and imap processes are reused, and an auth worker
lives for 1,000 PAM logins. (With Dovecot's default of 100, meant for PAM modules that leak memory, each app password is
hashed anew in every hundredth login.)"""

import os
import pathlib
import random
import socket
import subprocess
import time
from textwrap import dedent

from world import Broken, namespace, run

FIRST_PORT = 20143  # in a network namespace of our own
THREADS = 8
OWNER = 4902  # of the mail; needs no name

CONFIGURATION = """\
    passdb {{
      driver = pam
      args = max_requests=1000 %{{real_lport}}
      result_failure = return-fail
    }}
    userdb {{
      driver = static
      args = uid={owner} gid={owner} home={home}/mail/%u allow_all_users=yes
    }}
    auth_mechanisms = plain login
    protocols = imap
    listen = 127.0.0.1
    service imap-login {{
      {listeners}
      inet_listener imap {{
        port = 0
      }}
      inet_listener imaps {{
        port = 0
      }}
      service_count = 0
      process_min_avail = 2
    }}
    service imap {{
      service_count = 1000
      process_min_avail = 8
    }}
    mail_location = maildir:~/Maildir
    mail_max_userip_connections = 0
    ssl = no
    disable_plaintext_auth = no
    base_dir = {home}/run
    state_dir = {home}/state
    instance_name = mailkey-bench
    log_path = {home}/dovecot.log
    """


def rates(world, stacks, rounds, seconds):
    """Logins per second of each stack, in turn: {name: [rate of each round]}; `stacks` is {name: (service, group)}."""
    home = world.directory / "mail"
    home.mkdir(mode=0o755)
    mail = home / "mail"
    mail.mkdir(mode=0o700)
    os.chown(mail, OWNER, OWNER)
    ports = dict(zip(stacks, range(FIRST_PORT, FIRST_PORT + len(stacks))))
    pam = world.directory / "pam-debian"
    for name, (service, _) in stacks.items():
        # The port is the PAM service's name; our module reads protocol and mode from its arguments then.
        lines = (pam / service).read_text().replace("mailkey.toml", "mailkey.toml mode=client protocol=imap")
        (pam / str(ports[name])).write_text(lines)
    namespace.bind(pam, "/etc/pam.d")
    listeners = "\n      ".join(f"inet_listener p{port} {{\n        port = {port}\n      }}" for port in ports.values())
    configuration = home / "dovecot.conf"
    configuration.write_text(dedent(CONFIGURATION.format(owner=OWNER, home=home, listeners=listeners)))
    with open(home / "out", "wb") as out:
        dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(configuration)], stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, start_new_session=True)
    try:
        _wait(ports.values())
        found = {name: [] for name in stacks}
        for number in range(rounds + 1):
            for name in random.sample(sorted(stacks), len(stacks)):
                logins, took = run([world.program, "imap", ports[name], world.credentials, stacks[name][1], THREADS,
                                    seconds]).split()
                if number > 0:  # the first round starts the processes
                    found[name].append(int(logins) / float(took))
        return found
    except Broken as broken:
        log = home / "dovecot.log"
        said = log.read_text()[-2000:] if log.exists() else pathlib.Path(home / "out").read_text()[-2000:]
        raise Broken(f"{broken}\n{said}") from broken
    finally:
        dovecot.terminate()
        dovecot.wait()


def _wait(ports):
    deadline = time.monotonic() + 20
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Broken(f"Dovecot does not open its port {port}") from error
                time.sleep(0.02)
