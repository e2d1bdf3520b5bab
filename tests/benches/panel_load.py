"""The panel: pages a second and memory, and what many sign-ins at once mean for those who are signed in."""

import http.client
import pathlib
import re
import shutil
import statistics
import subprocess
import threading
import time

from panel_client import Browser
from world import Broken, namespace, run

PORT = 20110  # in a network namespace of our own
PASSWORD = "correct horse battery staple"
SIGN_INS = 50  # at once
PAUSE = 0.02  # seconds between two pages of the one who is signed in

# Each request is another visitor's: one address may not ask that often.
SCRIPT = """\
local number = 0
request = function()
  number = (number + 1) % 16000000
  local address = string.format("10.%d.%d.%d", math.floor(number / 65536), math.floor(number / 256) % 256, number % 256)
  return wrk.format("GET", "/", {["Cookie"] = "COOKIE", ["X-Forwarded-For"] = address})
end
"""


class Panel:
    def __init__(self, world):
        home = world.directory / "panel"
        home.mkdir()
        self.config = home / "panel.toml"
        self.config.write_text(f'listen = "127.0.0.1:{PORT}"\nurl = "http://localhost:{PORT}/"\n'
                               f'mailkey = "{world.config}"\nrequests_per_minute = 100000\n')
        namespace.bind(world.directory / "pam-debian", "/etc/pam.d")
        self.program = world.built / "mailkey-panel"
        self.said = home / "journal"
        self.process = None

    def start(self):
        """Seconds until it answers."""
        began = time.monotonic()
        with open(self.said, "ab") as said:
            self.process = subprocess.Popen([self.program, "--config", self.config], stdin=subprocess.DEVNULL,
                                            stdout=said, stderr=said)
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return time.monotonic() - began
            except ConnectionRefusedError:
                time.sleep(0.0005)
            finally:
                connection.close()
            if self.process.poll() is not None or time.monotonic() - began > 20:
                raise Broken(f"mailkey-panel does not start: {self.said.read_text()}")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def memory(self, what="VmRSS"):
        """In MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s*(\d+) kB", status).group(1)) / 1024


def measure(world, seconds):
    if not shutil.which("wrk"):
        raise Broken("wrk is not installed: run 'sudo packaging/prepare bench'")
    for number in range(SIGN_INS + 1):
        run([world.built / "mailkey", "--config", world.config, "user", "add", f"panel{number}@example.org",
             "--password-stdin"], input=PASSWORD + "\n")
    panel = Panel(world)
    starts = []
    for _ in range(10):
        starts.append(panel.start() * 1000)
        panel.stop()
    print(f"  start until /healthz answers: {statistics.median(starts):.0f} ms ({min(starts):.0f}–{max(starts):.0f})")
    panel.start()
    try:
        browser = Browser(PORT, "10.255.0.1")
        browser.sign_in("panel0@example.org", PASSWORD)
        print(f"  memory (resident) after a sign-in: {panel.memory():.1f} MB", flush=True)
        pages(world, panel, browser, seconds)
        crowd(panel, browser, seconds)
    finally:
        panel.stop()


def pages(world, panel, browser, seconds):
    """The first page of somebody who is signed in, as often as it can be had."""
    script = world.directory / "overview.lua"
    script.write_text(SCRIPT.replace("COOKIE", browser.cookie()))
    for connections in (1, 100, 2000):
        out = run(["wrk", "--threads", min(2, connections), "--connections", connections, "--duration", f"{seconds:.0f}s",
                   "--timeout", "20s", "--latency", "--script", script, f"http://127.0.0.1:{PORT}/"])
        rate = float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1))
        half, most = (re.search(rf"^ +{part}% +(\S+)$", out, re.MULTILINE).group(1) for part in (50, 99))
        wrong = re.findall(r"(Socket errors:.*|Non-2xx.*)", out)
        print(f"  signed-in overview, {connections:>4} connections: {rate:7.0f} pages/s, half within {half}, 99 of 100 "
              f"within {most}, memory {panel.memory():.1f} MB{''.join('; ' + line.strip() for line in wrong)}", flush=True)
        if wrong:
            raise Broken(f"not every page was served: {wrong}\n{panel.said.read_text()[-2000:]}")


def crowd(panel, browser, seconds):
    """What somebody who is signed in notices while fifty sign in at once, again and again."""
    idle = one_reader(browser, seconds)
    going_on, counts, faults = threading.Event(), [0] * SIGN_INS, []
    going_on.set()

    def sign_in(number):
        try:
            while going_on.is_set():
                Browser(PORT, f"10.254.0.{number}").sign_in(f"panel{number + 1}@example.org", PASSWORD)
                counts[number] += 1
        except Exception as fault:  # told by the one who waits
            faults.append(fault)

    threads = [threading.Thread(target=sign_in, args=(number,)) for number in range(SIGN_INS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    busy = one_reader(browser, seconds)
    going_on.clear()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    if faults:
        raise Broken(f"{len(faults)} of {SIGN_INS} could not sign in: {faults[0]!r}\n{panel.said.read_text()[-2000:]}")
    print(f"  {SIGN_INS} people sign in again and again: {sum(counts) / took:.1f} sign-ins/s, memory {panel.memory():.1f} MB "
          f"(most {panel.memory('VmHWM'):.1f})")
    for what, part in (("half", 50), ("99 of 100", 99)):
        was, now = (percentile(times, part) * 1000 for times in (idle, busy))
        print(f"  pages of somebody who is signed in, meanwhile: {what} within {now:.1f} ms, idle {was:.1f} ms: "
              f"{now / was:.1f} times", flush=True)


def one_reader(browser, seconds):
    """How long each page takes of somebody who opens fifty a second."""
    times = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        status = browser.get("/")
        times.append(time.monotonic() - began)
        if status != 200:
            raise Broken(f"the page of somebody who is signed in: {status}")
        time.sleep(PAUSE)
    return times


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, len(times) * part // 100)]
