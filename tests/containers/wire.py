"""What can be wrong with the network between machines: packets that are lost in one direction, and a slow, lossy link.

    wire = Wire(tree)                 # a tree with nftables in it
    wire.lose(node, database)         # what `node` sends to `database` is lost, from now on; not the other way
    wire.mend()
    with slow(database, delay=0.05, jitter=0.01, loss=0.05):
        …

Lost is what a broken switch does: nobody is told. Packets are dropped on the bridge, so both machines keep their
interfaces, addresses and connections. Delay is made by a program of ours between a machine's interface and the bridge,
because not every kernel has netem.
"""

import contextlib
import heapq
import pathlib
import random
import select
import socket
import subprocess
import sys
import time

from machine import BRIDGE

TABLE = "bridge lab"
RULES = f"""
table {TABLE} {{
  set lost {{ type ipv4_addr . ipv4_addr; }}
  chain forward {{ type filter hook forward priority 0; ip saddr . ip daddr @lost drop; }}
}}
"""


class Wire:
    def __init__(self, tree):
        self._tree = tree
        self._nft("-f", "-", input=RULES)

    def lose(self, sender, receiver):
        self._nft("add", "element", *TABLE.split(), "lost", f"{{ {sender.address} . {receiver.address} }}")

    def cut(self, ones, others):
        """Nothing goes from any of `ones` to any of `others`, nor back."""
        for one in ones:
            for other in others:
                if one is not other:
                    self.lose(one, other)
                    self.lose(other, one)

    def mend(self):
        """Everything arrives again."""
        self._nft("flush", "set", *TABLE.split(), "lost")

    def remove(self):
        self._nft("delete", "table", *TABLE.split())

    def _nft(self, *words, input=None):
        # The tree's program in this program's network namespace: it asks the kernel alone.
        done = subprocess.run(["chroot", self._tree, "/usr/sbin/nft", *words], input=input, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"nft {' '.join(words)}: {done.stderr}")


@contextlib.contextmanager
def slow(machine, delay, jitter, loss):
    """Each packet from and to `machine` is late by `delay` ± `jitter` seconds, and a share `loss` of them is lost."""
    inner, outer = f"{machine.link}i", f"{machine.link}o"
    for command in (f"link add {inner} type veth peer name {outer}", f"link set {machine.link} nomaster",
                    f"link set {outer} master {BRIDGE}", f"link set {inner} up promisc on",
                    f"link set {machine.link} promisc on", f"link set {outer} up"):
        subprocess.run(["ip", *command.split()], check=True)
    numbers = [str(number) for number in (delay, jitter, loss)]
    relay = subprocess.Popen([sys.executable, "-B", pathlib.Path(__file__).resolve(), machine.link, inner, *numbers],
                             stdout=subprocess.PIPE, text=True)
    try:
        if relay.stdout.readline() != "ready\n":
            raise RuntimeError("the slow link does not come up")
        yield
        if relay.poll() is not None:
            raise RuntimeError("the slow link broke down")
    finally:
        relay.kill()
        relay.wait()
        for command in (f"link del {inner}", f"link set {machine.link} promisc off", f"link set {machine.link} master {BRIDGE}"):
            subprocess.run(["ip", *command.split()], check=True)


# --- The program in between ---------------------------------------------------------------------------

ALL_PROTOCOLS = 3  # ETH_P_ALL (linux/if_ether.h)
SOL_PACKET, VNET_HEADER, IGNORE_OUTGOING = 263, 15, 23  # linux/if_packet.h


def relay(names, delay, jitter, loss):
    ends = [packets(name) for name in names]
    waiting = []  # (due, number, end, packet)
    last = [0.0, 0.0]  # when the newest packet of a direction is due: they do not overtake each other
    number = 0
    print("ready", flush=True)
    while True:
        patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for end in select.select(ends, (), (), patience)[0]:
            packet = end.recv(1 << 17)
            if random.random() < loss:
                continue
            to = 1 - ends.index(end)
            last[to] = max(last[to], time.monotonic() + delay + random.uniform(-jitter, jitter))
            number += 1
            heapq.heappush(waiting, (last[to], number, ends[to], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(waiting)
            end.send(packet)


def packets(name):
    """What arrives at that interface, and a way to send from there."""
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    end.setsockopt(SOL_PACKET, IGNORE_OUTGOING, 1)
    # With the header that says which checksum is still to be made, and where a packet is to be split.
    end.setsockopt(SOL_PACKET, VNET_HEADER, 1)
    end.bind((name, 0))
    return end


if __name__ == "__main__":
    relay(sys.argv[1:3], *(float(word) for word in sys.argv[3:]))
