"""Three replicas, for clients that lose the leader. Over HTTP, so that clients in any language may ask:

GET /cluster             -> {"urls": […, the leader's first], "key": an operator's that sees all events}
POST /lose?after_ms=N    kills the leader's process in N ms; answers once that is under way
POST /mend               starts it again, and answers when all replicas are ready and one leads
"""

import asyncio
import json
import os
import pathlib
import random
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from faults import read_request, send

COUNT = 3
PATIENCE_S = 60


class Cluster:
    """The replicas, each on an address of its own on this machine."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.directory = pathlib.Path(directory)
        # Others may run tests on this machine as well.
        net = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}"
        self.urls = [f"http://{net}.{number + 1}:3000" for number in range(COUNT)]
        self.peers = [f"{net}.{number + 1}:4000" for number in range(COUNT)]
        self.secret = self.directory / "secret"
        self.secret.touch(mode=0o600)
        self.secret.write_text(secrets.token_hex(32))
        self.processes = [None] * COUNT
        self.lost = None

    def start(self, number):
        """Starts a replica."""
        listen = self.urls[number].removeprefix("http://")
        command = [
            self.binary,
            "serve",
            "--data-dir",
            self.directory / str(number),
            "--cluster-secret-file",
            self.secret,
            "--listen",
            listen,
            "--peer-listen",
            self.peers[number],
            "--peers",
            ",".join(self.peers),
            "--region",
            "here",
            "--primary-region",
            "here",
            "--auth-rate-per-minute",
            "0",
        ]
        with (self.directory / f"{number}.log").open("ab") as log:
            self.processes[number] = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def stop(self):
        """Stops all of them, by their processes."""
        for process in self.processes:
            if process is not None:
                process.kill()
                process.wait()

    def leader(self):
        """The number of the replica that leads; None if none does, as far as those know that run."""
        for peer, process in zip(self.peers, self.processes):
            if process is None or process.poll() is not None:
                continue
            asked = [self.binary, "cluster", "status", "--json", "--peer", peer, "--cluster-secret-file", self.secret]
            answered = subprocess.run(asked, capture_output=True, timeout=20)
            if answered.returncode:
                continue
            status = json.loads(answered.stdout)
            leads = [replica["address"] for replica in status["replicas"] if replica["id"] == status["leader"]]
            if leads and self.processes[self.peers.index(leads[0])].poll() is None:
                return self.peers.index(leads[0])
        return None

    def wait(self):
        """Waits until all are ready and one leads; its number."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for number, process in enumerate(self.processes):
                if process.poll() is not None:
                    raise SystemExit(f"replica {number} has stopped: {self.directory / f'{number}.log'}")
            if all(ready(url) for url in self.urls) and (leader := self.leader()) is not None:
                return leader
            time.sleep(0.1)
        raise SystemExit(f"the replicas are not ready after {PATIENCE_S} s: {self.directory}")

    def operators_key(self):
        """A key that sees all events. There can be one once all replicas have said which version they run."""
        command = [self.binary, "keys", "create", "--scope", "events:read", "--label", "SDK tests", "--json"]
        end = time.monotonic() + PATIENCE_S
        while (ran := subprocess.run([*command, "--data-dir", self.directory / "0"], capture_output=True)).returncode:
            if time.monotonic() > end:
                raise SystemExit(ran.stderr.decode())
            time.sleep(0.2)
        made = json.loads(ran.stdout)
        return next(value for value in made.values() if isinstance(value, str) and value.startswith("bxk_"))


def ready(url):
    """Whether a replica serves."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2):
            return True
    except OSError:
        return False


class Control:
    """What tests ask."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.leader = cluster.wait()
        self.key = cluster.operators_key()

    async def taken(self, reader, writer):
        """Answers a request."""
        _, target, _, _ = await read_request(reader)
        url = urlsplit(target)
        cluster = self.cluster
        answer = {}
        if url.path == "/cluster":
            first = cluster.urls[self.leader]
            answer = {"urls": [first, *(url for url in cluster.urls if url != first)], "key": self.key}
        elif url.path == "/lose":
            after_ms = float(dict(parse_qsl(url.query)).get("after_ms", 0))
            cluster.lost = self.leader
            asyncio.get_running_loop().call_later(after_ms / 1_000, cluster.processes[cluster.lost].kill)
        elif url.path == "/mend":
            process = cluster.processes[cluster.lost]
            process.kill()
            process.wait()
            cluster.start(cluster.lost)
            self.leader = await asyncio.to_thread(cluster.wait)
        await send(writer, 200, {"content-type": "application/json"}, json.dumps(answer).encode())
        writer.close()


async def run(binary, command):
    """Runs a command beside the replicas and the service of faults; its exit status."""
    from faults import Faults

    faults = Faults()
    environment = {**os.environ, "BOXOFFICE_FAULTS": await faults.start()}
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster(binary, directory)
        try:
            for number in range(COUNT):
                cluster.start(number)
            control = await asyncio.to_thread(Control, cluster)
            server = await asyncio.start_server(control.taken, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            environment |= {"BOXOFFICE_CLUSTER": f"http://127.0.0.1:{port}", "BOXOFFICE_URL": cluster.urls[0]}
            process = await asyncio.create_subprocess_exec(*command, env=environment)
            return await process.wait()
        finally:
            cluster.stop()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit("cluster.py BINARY COMMAND…")
    raise SystemExit(asyncio.run(run(sys.argv[1], sys.argv[2:])))
