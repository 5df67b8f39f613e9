"""Replicas of Boxoffice on this machine, whose leader changes."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

# Nothing that is waited for takes as long, even on a busy machine.
PATIENCE_S = 60
# Until a command is known to have come to nothing; see `SUBMIT_TIMEOUT` and `WAIT_LIMIT` of the service.
LONGEST_ANSWER_S = 8
SECRET = "the secret of the replicas that are tried out"
VARIABLES = {"BOXOFFICE_CLUSTER_SECRET": SECRET, "BOXOFFICE_AUTH_RATE_PER_MINUTE": "0"}
ALL_SCOPES = ("keys", "orders:read", "payments:read", "refunds", "events:read")


def free_ports(count):
    """Ports that nobody listens on right now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def eventually(what, check):
    """What `check` returns once it is true."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"not in time: {what}")


class Cluster:
    """So many replicas; all end, and their data go, with the `with` that they are made in."""

    def __init__(self, binary, count):
        self.binary = binary
        self.directory = tempfile.mkdtemp(prefix="boxoffice-fuzz-")
        ports = free_ports(2 * count)
        self.urls = [f"http://127.0.0.1:{port}" for port in ports[:count]]
        self.peers = [f"127.0.0.1:{port}" for port in ports[count:]]
        self.processes = [None] * count

    def __enter__(self):
        try:
            for at in range(len(self.urls)):
                self.start(at)
            for at in range(len(self.urls)):
                self.until_ready(at)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def data(self, at):
        return os.path.join(self.directory, str(at))

    def start(self, at):
        arguments = ["serve", "--data-dir", self.data(at), "--listen", self.urls[at].removeprefix("http://")]
        if len(self.urls) > 1:
            arguments += ["--peer-listen", self.peers[at], "--peers", ",".join(self.peers)]
            arguments += ["--region", "here", "--primary-region", "here"]
        with open(self.data(at) + ".log", "a", encoding="utf-8") as log:
            self.processes[at] = subprocess.Popen(
                [self.binary, *arguments], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOXOFFICE_", "FLY_"))}
        return {**kept, **VARIABLES}

    def until_ready(self, at):
        def is_ready():
            if self.processes[at].poll() is not None:
                raise RuntimeError(f"replica {at} has stopped:\n{self.log_tail(at)}")
            try:
                with urllib.request.urlopen(self.urls[at] + "/readyz", timeout=5):
                    return True
            except (urllib.error.URLError, OSError):
                return False

        eventually(f"replica {at} is ready", is_ready)

    def log_tail(self, at, lines=20):
        with open(self.data(at) + ".log", encoding="utf-8") as log:
            return "".join(log.readlines()[-lines:])

    def kill(self, at):
        self.processes[at].send_signal(signal.SIGKILL)
        self.processes[at].wait()

    def command(self, *arguments):
        """What a command of the program prints."""
        done = subprocess.run(
            [self.binary, *arguments], env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PATIENCE_S, check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr.strip()}")
        return done.stdout

    def operator_key(self):
        """A key with all scopes. There is one only once all replicas have said which version they run, and the cluster
        uses what all of them know: before that, keys and refunds are refused with 503."""
        scopes = [argument for scope in ALL_SCOPES for argument in ("--scope", scope)]
        data = ("--data-dir", self.data(0), "--json")

        def made():
            try:
                return self.command("keys", "create", "--label", "trying out", *scopes, *data)
            except RuntimeError as error:
                if "all replicas run this version" not in str(error):
                    raise
                return None

        return json.loads(eventually("all replicas have said their version", made))["secret"]

    def leader(self, asked):
        """Which replica leads as another sees it, if one does."""
        status = json.loads(self.command("cluster", "status", "--json", "--peer", self.peers[asked]))
        addresses = [replica["address"] for replica in status["replicas"] if replica["id"] == status["leader"]]
        return self.peers.index(addresses[0]) if addresses else None


class Unrest:
    """Has another replica lead every now and then, and kills the leader once. `reachable` has the addresses of those that
    are neither dead nor about to be."""

    def __init__(self, cluster, every_s, kill_after_s, tell):
        self.cluster = cluster
        self.every_s = every_s
        self.kill_after_s = kill_after_s
        self.tell = tell
        self.changes = 0
        self.kills = 0
        self.failure = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.tell(self.cluster.urls)
        if len(self.cluster.urls) > 1:
            self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        if self.thread.is_alive():
            self.thread.join()
        if self.failure:
            raise self.failure

    def run(self):
        kill_at = time.monotonic() + self.kill_after_s
        try:
            while not self.over.wait(self.every_s):
                if self.kills == 0 and time.monotonic() > kill_at:
                    self.kill_the_leader()
                else:
                    self.transfer()
        except Exception as failure:  # It is for whoever waits for the thread.
            self.failure = failure

    def transfer(self):
        peer = random.choice(self.cluster.peers)
        try:
            self.cluster.command("cluster", "transfer-leader", "--peer", peer)
            self.changes += 1
        except RuntimeError as no:
            print(f"the leader stays: {no}")

    def kill_the_leader(self):
        leader = self.cluster.leader(0)
        if leader is None:
            return
        self.tell([url for at, url in enumerate(self.cluster.urls) if at != leader])
        # What is under way there has an answer by then; what comes later goes elsewhere.
        self.over.wait(LONGEST_ANSWER_S)
        self.cluster.kill(leader)
        self.kills += 1
        self.over.wait(3)
        self.cluster.start(leader)
        self.cluster.until_ready(leader)
        self.tell(self.cluster.urls)
