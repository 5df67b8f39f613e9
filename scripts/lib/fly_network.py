"""The network that Fly gives to an app's machines, on one machine: a namespace for each, addresses of the private
network, the names under .internal, and as much delay to other regions as one asks for.

Each machine's namespace has one link, to a namespace that routes between all of them. The link of a machine far
away is a pair of TUN devices and a process that hands packets from one to the other when they are due: nothing else
about it differs, and no address does. The kernel's own netem is not everywhere.
"""

import ctypes
import fcntl
import heapq
import os
import pathlib
import select
import signal
import socket
import struct
import subprocess
import time

APP = "boxoffice"
# As on Fly: a resolver at a well-known address, and a WireGuard network's packet size.
RESOLVER = "fdaa::3"
MTU_BYTES = 1420
PREFIX = "boxfly"

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
TUNSETIFF = 0x400454CA
IFF_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
_libc = ctypes.CDLL(None, use_errno=True)


class NotPermitted(Exception):
    """This machine does not allow, or does not have, what it takes."""


def run(*command):
    """Runs a command; its error becomes ours."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def die_with_parent():
    """Has this process end when its parent does, however that ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def enter_namespace(name):
    """Moves this thread into a network namespace: sockets that it makes from now on are in there."""
    with open(f"/run/netns/{name}") as namespace:
        if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {name}")


def child(work, *arguments):
    """Runs `work` in a process of its own, which ends with this one."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            die_with_parent()
            os.setsid()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            work(*arguments)
            status = 0
        except OSError as error:
            os.write(2, f"fly-local: {error}\n".encode())
        finally:
            os._exit(status)
    return pid


def check_permitted(loss):
    """Raises NotPermitted, with the reason, where this cannot work."""
    if os.geteuid() != 0:
        raise NotPermitted("network namespaces need root")
    tools = {"ip": "iproute2", "dnsmasq": "dnsmasq-base"} | ({"nft": "nftables"} if loss else {})
    for tool, package in tools.items():
        if subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True).returncode != 0:
            raise NotPermitted(f"{tool} is missing: apt-get install {package}")
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        raise NotPermitted("there is no /dev/net/tun")
    probe = f"{PREFIX}{os.getpid()}-probe"
    try:
        run("ip", "netns", "add", probe)
        try:
            run("ip", "-n", probe, "link", "set", "lo", "up")
            run("ip", "-n", probe, "-6", "address", "add", "fdaa::1/128", "dev", "lo")
        finally:
            run("ip", "netns", "delete", probe)
    except RuntimeError as error:
        raise NotPermitted(f"no network namespace with IPv6 can be made: {error}") from error


class Network:
    """Everything that was made, and how to unmake it."""

    def __init__(self, loss_percent=0.0):
        self.loss_percent = loss_percent
        self.router = f"{PREFIX}{os.getpid()}-net"
        self.namespaces = []
        self.resolv_confs = []
        self.wires = []
        self.dnsmasq = None
        self.names = {}
        self.hosts_file = pathlib.Path(f"/run/{PREFIX}{os.getpid()}.hosts")

    def open(self):
        """Makes the router and starts the resolver."""
        sweep()
        self._namespace(self.router)
        self._ip(self.router, "-6", "address", "add", f"{RESOLVER}/128", "dev", "lo")
        run("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        if self.loss_percent:
            self._drop_packets()
        self.hosts_file.write_text("")
        self.dnsmasq = subprocess.Popen(
            ["ip", "netns", "exec", self.router, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
             "--no-resolv", "--no-hosts", "--local=/internal/", "--user=root", "--pid-file=",
             f"--listen-address={RESOLVER}", "--bind-interfaces", "--local-ttl=1", "--log-facility=-",
             f"--addn-hosts={self.hosts_file}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=die_with_parent,
            start_new_session=True)
        self._wait_for_resolver()

    def add_machine(self, number, name, round_trip_ms):
        """Links a namespace for machine `number`; gives its name and the machine's address."""
        namespace = f"{PREFIX}{os.getpid()}-{name}"
        self._namespace(namespace)
        resolv_conf = pathlib.Path(f"/etc/netns/{namespace}/resolv.conf")
        resolv_conf.parent.mkdir(parents=True)
        self.resolv_confs.append(resolv_conf)
        resolv_conf.write_text(f"nameserver {RESOLVER}\noptions timeout:2 attempts:3\n")
        address, gateway, link = f"fdaa:0:{number:x}::2", f"fdaa:0:{number:x}::1", f"m{number}"
        if round_trip_ms:
            self._wire(namespace, link, round_trip_ms)
        else:
            run("ip", "link", "add", link, "mtu", str(MTU_BYTES), "netns", self.router,
                "type", "veth", "peer", "name", "eth0", "mtu", str(MTU_BYTES), "netns", namespace)
        for inside, device, own in ((self.router, link, gateway), (namespace, "eth0", address)):
            # Without duplicate address detection: an address is good at once.
            self._ip(inside, "-6", "address", "add", f"{own}/64", "dev", device, "nodad")
            self._ip(inside, "link", "set", device, "up")
        route = ("dev", "eth0") if round_trip_ms else ("via", gateway)
        self._ip(namespace, "-6", "route", "add", "default", *route)
        return namespace, address

    def set_names(self, names):
        """Names that the resolver knows from now on: of each its addresses."""
        self.names = names
        lines = [f"{address} {name}\n" for name, addresses in names.items() for address in addresses]
        self.hosts_file.write_text("".join(lines))
        # The process that was started became dnsmasq itself: `ip netns exec` replaces itself.
        self.dnsmasq.send_signal(signal.SIGHUP)

    def close(self):
        """Unmakes all of it, whatever has failed before."""
        processes = self.wires + ([self.dnsmasq.pid] if self.dnsmasq else [])
        for pid in processes:
            try:
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        for namespace in reversed(self.namespaces):
            subprocess.run(["ip", "netns", "delete", namespace], capture_output=True)
        for resolv_conf in self.resolv_confs:
            _forget_resolv_conf(resolv_conf.parent)
        self.hosts_file.unlink(missing_ok=True)

    def _namespace(self, name):
        self.namespaces.append(name)
        run("ip", "netns", "add", name)
        self._ip(name, "link", "set", "lo", "up")

    def _ip(self, namespace, *command):
        run("ip", "-n", namespace, *command)

    def _drop_packets(self):
        share = round(self.loss_percent * 100)
        rules = (f"add table ip6 loss; add chain ip6 loss forward {{ type filter hook forward priority 0; }}; "
                 f"add rule ip6 loss forward numgen random mod 10000 < {share} drop")
        run("ip", "netns", "exec", self.router, "nft", rules)

    def _wire(self, namespace, link, round_trip_ms):
        ready, done = os.pipe()
        self.wires.append(child(carry, self.router, link, namespace, "eth0", round_trip_ms / 2000, done))
        os.close(done)
        made = os.read(ready, 1)
        os.close(ready)
        if not made:
            raise RuntimeError(f"the link of {namespace} could not be made")

    def _wait_for_resolver(self):
        question = struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + b"\x08internal\x00" + struct.pack(">HH", 28, 1)
        if not in_namespace(self.router, _is_answered, question):
            self.dnsmasq.kill()
            raise RuntimeError(f"dnsmasq does not answer: {self.dnsmasq.stderr.read().decode().strip()}")


def in_namespace(name, ask, *arguments):
    """Whether `ask` says yes, in a process of its own inside a namespace."""
    def work():
        enter_namespace(name)
        if not ask(*arguments):
            raise OSError("no")
    pid = child(_quietly, work)
    return os.waitpid(pid, 0)[1] == 0


def _quietly(work):
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    work()


def _is_answered(question):
    end = time.monotonic() + 10
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.1)
        while time.monotonic() < end:
            try:
                asking.sendto(question, (RESOLVER, 53))
                return bool(asking.recv(512))
            except OSError:
                time.sleep(0.05)
    return False


def open_tun(namespace, name):
    """A TUN device inside a namespace; whoever holds it reads what is sent there, from anywhere."""
    enter_namespace(namespace)
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN_WITHOUT_HEADER))
    run("ip", "-n", namespace, "link", "set", name, "mtu", str(MTU_BYTES), "txqueuelen", "10000")
    return device


def carry(here, here_name, there, there_name, delay_seconds, made):
    """Makes both ends of a link, says so to `made`, and hands each packet over once it is due. Packets keep their
    order: all wait for as long."""
    ends = [open_tun(here, here_name), open_tun(there, there_name)]
    os.write(made, b"1")
    os.close(made)
    under_way, count = [], 0
    while True:
        wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
        for device in select.select(ends, [], [], wait)[0]:
            other = ends[1] if device == ends[0] else ends[0]
            for packet in _waiting(device):
                count += 1
                heapq.heappush(under_way, (time.monotonic() + delay_seconds, count, other, packet))
        now = time.monotonic()
        while under_way and under_way[0][0] <= now:
            _, _, other, packet = heapq.heappop(under_way)
            try:
                os.write(other, packet)
            except OSError:
                pass  # A full queue or a device that is down loses packets, as any link does.


def _waiting(device):
    for _ in range(256):
        try:
            yield os.read(device, 65536)
        except OSError:
            return


def forward(listener, namespace, address):
    """Hands connections to `listener` on to an address inside a namespace, for ever."""
    import asyncio

    async def pump(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def taken(reader, writer):
        try:
            beyond_reader, beyond_writer = await asyncio.open_connection(*address)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, beyond_writer), pump(beyond_reader, writer))

    async def serve():
        server = await asyncio.start_server(taken, sock=listener)
        await server.serve_forever()

    enter_namespace(namespace)
    asyncio.run(serve())


def sweep():
    """Removes what a run that was killed has left: what carries the number of a process that is no more."""
    for name in run("ip", "netns", "list").split():
        if name.startswith(PREFIX) and not _alive(name):
            # What runs in there was started by that run. The resolver outlives it: a process that changes its
            # rights no longer hears of its parent's end.
            for pid in run("ip", "netns", "pids", name).split():
                os.kill(int(pid), signal.SIGKILL)
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    for leftover in pathlib.Path("/etc/netns").glob(f"{PREFIX}*"):
        if not _alive(leftover.name):
            _forget_resolv_conf(leftover)
    for leftover in pathlib.Path("/run").glob(f"{PREFIX}*.hosts"):
        if not _alive(leftover.name):
            leftover.unlink(missing_ok=True)


def _alive(name):
    number = name.removeprefix(PREFIX).split("-")[0].split(".")[0]
    return not number.isdigit() or pathlib.Path(f"/proc/{number}").exists()


def _forget_resolv_conf(directory):
    (directory / "resolv.conf").unlink(missing_ok=True)
    for made in (directory, directory.parent):
        try:
            made.rmdir()
        except OSError:
            pass  # /etc/netns stays where others use it.
