"""The benchmark's sections and its table. Called by tests/bench: bench.py BUILT PROGRAM [quick|full] [SECTION…]"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import server as server_module
import world as world_module
from world import World, namespace

QUICK = {"light": 600, "hash": 80, "slow": 30, "equal": 150, "accounts": 100_000, "mail": (6, 2.0), "panel": 5}
FULL = {"light": 4000, "hash": 400, "slow": 120, "equal": 800, "accounts": 1_000_000, "mail": (12, 4.0), "panel": 20}
SECTIONS = ("login", "session", "hash", "others", "growth", "equal", "memory", "server", "mail", "panel", "calls", "module")
BLOCKS = 8  # the span of a ratio is that of the medians of so many parts of the run

APP = "login,mailkey-imap,app,home"
PERMIT = "login,permit,app,home"


def main():
    built, program, *words = sys.argv[1:]
    directory = namespace.enter(network=True)
    # What else runs on this machine should disturb all arms less, not some of them more.
    os.nice(-15)
    effort = FULL if "full" in words else QUICK
    wanted = [word for word in words if word in SECTIONS] or SECTIONS
    world = World(directory, pathlib.Path(built).resolve(), program)
    world.syslog(True)
    world.provision(world.config, "app:app:1:1")
    print("Ratios are medians of paired rounds, measured in turn in one process; behind them the least and the\n"
          f"greatest median of {BLOCKS} parts of the run, and the ratio of processor time alone, which is what\n"
          "counts when the load is above the number of processors.\n"
          f"Processors: {len(os.sched_getaffinity(0))}; load: {open('/proc/loadavg').read().split()[0]}",
          flush=True)
    for section in SECTIONS:
        if section in wanted:
            print(f"\n=== {section}", flush=True)
            globals()[f"section_{section}"](world, effort)
    world.syslog(False)


# --- Sections -----------------------------------------------------------------------------------------


def section_login(world, effort):
    """The whole login with the hash taken out: the same app password again."""
    # Each arm has an app password of its own: a use from elsewhere would make the next one here be written.
    world.provision(world.config, "alternate:app:1:1", "travelling:app:1:1")
    arms = {"permit": PERMIT, "again": APP, "alternate": "login,mailkey-imap,alternate,alternate",
            "new-address": "login,mailkey-imap,travelling,fresh"}
    for syslog in (True, False):
        for pam in ("debian", "plain"):
            world.syslog(syslog)
            times, _ = world.measure(effort["light"], arms, pam)
            print(f"-- {'with' if syslog else 'without'} a syslog daemon, "
                  f"{'Debians' if pam == 'debian' else 'a deny-only'} /etc/pam.d/other "
                  f"(pam_permit: {micro(times['permit'])})")
            strict = syslog and pam == "debian"
            ratio("app password again / pam_permit", times["again"], times["permit"], 1.10 if strict else None)
            if strict:
                ratio("  the same, as the login with the hash taken out", times["again"], times["permit"], 1.05)
            ratio("  and its last use is written (two addresses in turn)", times["alternate"], times["permit"],
                  1.15 if strict else None)
            ratio("  and an activity entry too (a new address each time)", times["new-address"], times["permit"],
                  1.15 if strict else None)
    world.syslog(True)


def section_session(world, effort):
    """What a page of a webmail costs: the session credential (webmail_session = "exchange")."""
    world.provision(world.config, "signed-in:session:1:1", "moving:session:1:1", "code:code:40:0")
    arms = {"permit": PERMIT, "session": "login,mailkey-webmail,signed-in,home",
            "alternate": "login,mailkey-webmail,moving,alternate"}
    for syslog in (True, False):
        world.syslog(syslog)
        times, _ = world.measure(effort["light"], arms)
        print(f"-- {'with' if syslog else 'without'} a syslog daemon (pam_permit: {micro(times['permit'])})")
        ratio("session credential / pam_permit", times["session"], times["permit"], 1.15 if syslog else None)
        ratio("  and its use is written (two addresses in turn)", times["alternate"], times["permit"],
              1.15 if syslog else None)
    world.syslog(True)
    times, _ = world.measure(60, {"code": "login,mailkey-webmail,code,home", **arms})
    ratio("password + code / session credential", times["code"], times["session"])


def section_hash(world, effort):
    rounds = effort["hash"]
    codes = (rounds * 11 // 10 + 3) // 2 + 2
    world.provision(world.config, f"codes:code:{codes}:0", f"quiet-codes:code:{codes}:0", "off:password:1:0",
                    f"first:app:4:{rounds * 11 // 40 + 2}", f"quiet-first:app:4:{rounds * 11 // 40 + 2}")
    for syslog, groups in ((True, ("codes", "first")), (False, ("quiet-codes", "quiet-first"))):
        world.syslog(syslog)
        print(f"-- {'with' if syslog else 'without'} a syslog daemon")
        raw = "raw,{},{},permit,app"
        times, _ = world.measure(rounds, {
            "released": raw.format("password", "released"), "kept": raw.format("password", "kept"),
            "fresh": raw.format("password", "fresh"), "code": f"login,mailkey-webmail,{groups[0]},home",
            "password": "login,mailkey-imap,off,home"})
        target = 1.10 if syslog else None
        ratio("password + code / (Argon2 + pam_permit)", times["code"], times["released"], target)
        ratio("  against Argon2 in memory that is kept and never wiped", times["code"], times["kept"])
        ratio("  against Argon2 in a fresh allocation", times["code"], times["fresh"])
        ratio("password alone, 2FA off / (Argon2 + pam_permit)", times["password"], times["released"], target)
        times, _ = world.measure(rounds, {
            "released": raw.format("app", "released"), "fresh": raw.format("app", "fresh"),
            "first": f"login,mailkey-imap,{groups[1]},home"})
        ratio("app password, first time / (light Argon2 + pam_permit)", times["first"], times["released"])
        ratio("  against Argon2 in a fresh allocation", times["first"], times["fresh"])
    world.syslog(True)


def section_others(world, effort):
    rounds = effort["slow"]
    world.provision(world.config, f"other-codes:code:{rounds * 11 // 20 + 4}:0")
    times, _ = world.measure(rounds, {"permit": PERMIT, "again": APP, "code": "login,mailkey-webmail,other-codes,home",
                                      "unix": "login,unix,system,home", "google": "login,google,google,home"})
    ratio("pam_unix (yescrypt) / app password again", times["unix"], times["again"])
    ratio("google-authenticator + pam_unix / app password again", times["google"], times["again"])
    ratio("google-authenticator + pam_unix / password + code", times["google"], times["code"])
    for label, name in (("permit", "pam_permit"), ("again", "app password again"), ("code", "password + code"),
                        ("unix", "pam_unix"), ("google", "google-authenticator + pam_unix")):
        print(f"  {name}: {micro(times[label])}")


def section_growth(world, effort):
    accounts = effort["accounts"]
    world.provision(world.config, "alone:one:1:1", "crowd:one:1:1000", "alone2:one:1:1", "crowd2:one:1:1000", "few:app:200:1", "rest:password:700:0")
    times, _ = world.measure(effort["light"], {"one": "login,mailkey-imap,alone,home",
                                               "thousand": "login,mailkey-imap,crowd,home"})
    ratio("1,000 app passwords of the account / 1", times["thousand"], times["one"], 1.05)
    times, _ = world.measure(effort["light"], {"one": "login,mailkey-imap,alone2,alternate",
                                               "thousand": "login,mailkey-imap,crowd2,alternate"})
    ratio("  and last use is written", times["thousand"], times["one"], 1.05)
    config = world.large_instance(accounts)
    world.provision(config, f"spread:app:200:1:{accounts // 200 - 1}")
    print(f"-- {accounts:,} accounts: {(config.parent / 'data/mailkey.db').stat().st_size / 1e6:.0f} MB")
    small, large = "login,mailkey-imap,few,", "login,large-imap,spread,"
    for address, what in (("home", "app password again"), ("alternate", "  and last use is written")):
        times, _ = world.measure(effort["light"], {"small": small + address, "large": large + address})
        ratio(f"{accounts:,} accounts / 1,000: {what}", times["large"], times["small"], 1.10)


def section_equal(world, effort):
    world.provision(world.config, "known:app:50:1")
    wrong = "wrong,mailkey-imap,known,"
    times, _ = world.measure(effort["equal"], {"wrong": wrong + "password", "unknown": wrong + "unknown"})
    ratio("unknown account / wrong password", times["unknown"], times["wrong"], (0.97, 1.03))
    times, _ = world.measure(4 * effort["equal"], {"wrong": wrong + "secret", "id": wrong + "unknown-id",
                                                   "account": wrong + "unknown-app"})
    ratio("unknown app password id / wrong secret", times["id"], times["wrong"], (0.97, 1.03))
    ratio("unknown account / wrong secret, shape of an app password", times["account"], times["wrong"], (0.97, 1.03))
    wrong = "wrong,mailkey-webmail,known,"
    times, _ = world.measure(4 * effort["equal"], {"known": wrong + "session", "unknown": wrong + "unknown-session"})
    ratio("unknown account / known account, unknown session", times["unknown"], times["known"], (0.97, 1.03))


def section_memory(world, effort):
    rounds = 100  # a Dovecot worker's life
    world.provision(world.config, f"memory-codes:code:{rounds * 11 // 20 + 4}:0", "memory-first:app:4:30")
    _, (base, _, _) = world.measure(rounds, {"permit": PERMIT})
    for what, arm in (("app password again", APP), ("app passwords, each for the first time",
                      "login,mailkey-imap,memory-first,home"),
                      ("password + code", "login,mailkey-webmail,memory-codes,home")):
        _, (resident, peak, private) = world.measure(rounds, {"permit": PERMIT, "arm": arm})
        more = (resident - base) / 1024
        print(f"  {what:58} {more:6.1f} MB over pam_permit's {base / 1024:.1f} (private {private / 1024:.1f}, "
              f"peak {peak / 1024:.1f})   target ≤ 10   {'met' if more <= 10 else 'MISSED'}", flush=True)


def section_server(world, effort):
    if not server_module.programs():
        print("  PostgreSQL is not installed")
        return
    server = server_module.Server(world)
    groups = ("{}app:app:1:1", "{}moving:app:1:1", "{}session:session:1:1", f"{{}}code:code:{effort['slow']}:0")
    try:
        # Those of SQLite are used beside each of the others.
        world.provision(world.config, *(group.format("file-") for group in groups), f"file-code:code:{4 * effort['slow']}:0")
        for accounts in (0, effort["accounts"]):
            if accounts:
                server.fill(accounts)
            for service, where in (("server", "on this machine"), ("far", "a millisecond away")):
                prefix = f"{service}{accounts}-"
                world.provision(server.config, *(group.format(prefix) for group in groups))
                print(f"-- {f'{accounts:,}' if accounts else 'a few'} accounts, the server {where}", flush=True)
                _beside_a_file(world, service, prefix, effort)
        print("-- 30 workers at once, each of which signs in with an app password again and again")
        for what, arm, beside in (("SQLite", "login,mailkey-imap,file-app,home", lambda: 0),
                                  ("PostgreSQL on this machine", f"login,server-imap,server{accounts}-app,home", server.connections),
                                  ("PostgreSQL a millisecond away", f"login,far-imap,far{accounts}-app,home", server.connections)):
            rate, connections = world.crowd(30, arm, effort["light"], beside)
            print(f"  {what:58} {rate:7.0f} logins/s" + (f", {connections} connections" if connections else ""), flush=True)
    finally:
        server.stop()


def _beside_a_file(world, service, prefix, effort):
    times, _ = world.measure(effort["light"], {
        "permit": PERMIT, "file": "login,mailkey-imap,file-app,home", "server": f"login,{service}-imap,{prefix}app,home",
        "file-moving": "login,mailkey-imap,file-moving,alternate",
        "server-moving": f"login,{service}-imap,{prefix}moving,alternate",
        "file-session": "login,mailkey-webmail,file-session,home",
        "server-session": f"login,{service}-webmail,{prefix}session,home"})
    for what, arm in (("app password again", ""), ("  and its last use is written (two addresses in turn)", "-moving"),
                      ("session credential", "-session")):
        ratio(f"{what} / SQLite", times[f"server{arm}"], times[f"file{arm}"])
        ratio("  the same / pam_permit", times[f"server{arm}"], times["permit"])
    times, _ = world.measure(effort["slow"], {"file": "login,mailkey-webmail,file-code,home",
                                              "server": f"login,{service}-webmail,{prefix}code,home"})
    ratio("password + code / SQLite", times["server"], times["file"])


def section_mail(world, effort):
    if not shutil.which("dovecot"):
        print("  Dovecot is not installed")
        return
    import mail

    world.provision(world.config, "mail:app:8:1")
    rounds, seconds = effort["mail"]
    rates = mail.rates(world, {"pam_permit": ("permit", "mail"), "mailkey": ("mailkey-imap", "mail"),
                               "pam_unix": ("unix", "system"), "google": ("google", "google")}, rounds, seconds)
    for name, found in rates.items():
        print(f"  {name:20} {statistics.median(found):7.0f} logins/s ({min(found):.0f}–{max(found):.0f})")
    for other, least in (("pam_permit", 0.9), ("pam_unix", 15), ("google", 15)):
        ratios = [ours / theirs for ours, theirs in zip(rates["mailkey"], rates[other])]
        middle = statistics.median(ratios)
        print(f"  IMAP logins per second, app password / {other:28} {middle:6.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
              f"   target ≥ {least}   {'met' if middle >= least else 'MISSED'}")


def section_panel(world, effort):
    import panel_load

    panel_load.measure(world, effort["panel"])


def section_calls(world, _effort):
    if not shutil.which("strace"):
        print("  strace is not installed")
        return
    world.provision(world.config, "traced:app:1:1", "moved:app:1:1", "travelled:app:1:1", "codes0:code:60:0", "codes1:code:116:0")
    permit = world.system_calls(PERMIT, 100)
    for what, arm in (("app password again", "login,mailkey-imap,traced,home"),
                      ("and last use is written", "login,mailkey-imap,moved,alternate"),
                      ("and an activity entry too", "login,mailkey-imap,travelled,fresh"),
                      ("password + code", "login,mailkey-webmail,codes{},home")):
        counts = world.system_calls(arm, 100)
        more = {name: counts.get(name, 0) - permit.get(name, 0) for name in {*counts, *permit}}
        text = " ".join(f"{name} {number:+.3g}" for name, number in sorted(more.items(), key=lambda one: -one[1])
                        if abs(number) >= 0.05)
        print(f"  {what}: {sum(more.values()):+.1f} system calls beside pam_permit's {sum(permit.values()):.0f}: {text}")


def section_module(world, _effort):
    symbols = subprocess.run(["nm", "-D", "--defined-only", world.module], text=True, capture_output=True, check=True)
    names = sorted(line.split()[-1] for line in symbols.stdout.splitlines())
    print(f"  {world.module.stat().st_size / 1e6:.2f} MB stripped; exports {len(names)}: {' '.join(names)}")


# --- Ratios -------------------------------------------------------------------------------------------


def ratio(what, ours, base, target=None):
    """Prints the median of ours / base, and whether it is what it should be."""
    def paired(which):
        return [one[which] / other[which] for one, other in zip(ours, base)]

    wall = paired(0)
    size = max(1, len(wall) // BLOCKS)
    blocks = [statistics.median(wall[at : at + size]) for at in range(0, size * BLOCKS, size) if wall[at : at + size]]
    middle = statistics.median(wall)
    least, most = (0, target) if isinstance(target, float) else target or (0, 0)
    verdict = ""
    if target:
        bounds = f"≤ {most:.2f}" if isinstance(target, float) else f"{least:.2f}–{most:.2f}"
        verdict = f"   target {bounds}   {'met' if least <= middle <= most else 'MISSED'}"
    print(f"  {what:58} {middle:7.3f} ({min(blocks):.3f}–{max(blocks):.3f}) cpu {statistics.median(paired(1)):.3f}"
          f"   {micro(ours)}{verdict}", flush=True)


def micro(times):
    return f"{statistics.median(wall for wall, _ in times) / 1000:.0f} µs"


if __name__ == "__main__":
    try:
        main()
    except world_module.Broken as broken:
        sys.exit(f"bench: {broken}")
