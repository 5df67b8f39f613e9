"""What the tests of the deployment share: the program, and a cluster of it."""

import json
import os
import pathlib
import re
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def read(path):
    return (ROOT / path).read_text()


def binary():
    """The program as it stands; TEST_BINARY names one that is built already."""
    if built := os.environ.get("TEST_BINARY"):
        return built
    done = subprocess.run(
        ["cargo", "build", "--locked", "--manifest-path", str(ROOT / "Cargo.toml"), "--bin", "boxoffice",
         "--message-format=json-render-diagnostics"], stdout=subprocess.PIPE, check=True, text=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    return [message["executable"] for message in messages if message.get("executable")][-1]


def clean_environment():
    """Without any setting of whoever runs the tests."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("BOXOFFICE_", "FLY_")) and name != "PRIMARY_REGION"}


def free_ports(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def ask(url, body=None, **headers):
    """Status, body as text, and headers of an answer."""
    content = json.dumps(body).encode() if body is not None else None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"} | named)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


class Cluster:
    """Three replicas on loopback, with the settings of `environment`; a context."""

    def __init__(self, environment):
        self.environment = environment
        self.processes = []
        self.secret = secrets.token_hex(32)
        self.scratch = tempfile.TemporaryDirectory(prefix="boxoffice-deployment-")
        ports = free_ports(6)
        self.public, self.peers = ports[:3], ports[3:]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.public]

    def __enter__(self):
        program = binary()
        for public, peer in zip(self.public, self.peers):
            own = {
                "BOXOFFICE_LISTEN": f"127.0.0.1:{public}",
                "BOXOFFICE_PEER_LISTEN": f"127.0.0.1:{peer}",
                "BOXOFFICE_PEERS": ",".join(f"127.0.0.1:{port}" for port in self.peers),
                "BOXOFFICE_DATA_DIR": f"{self.scratch.name}/{public}",
                "BOXOFFICE_CLUSTER_SECRET": self.secret,
            }
            with open(f"{self.scratch.name}/{public}.log", "wb") as log:
                self.processes.append(subprocess.Popen([program, "serve"], stdout=log, stderr=log,
                                                       env=clean_environment() | self.environment | own))
        try:
            for url in self.urls:
                self._wait_ready(url)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE_SECONDS)
        self.scratch.cleanup()

    def logs(self):
        return "".join(path.read_text() for path in sorted(pathlib.Path(self.scratch.name).glob("*.log")))

    def _wait_ready(self, url):
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if ask(f"{url}/readyz")[0] == 200:
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"{url} does not become ready:\n{self.logs()}")
            time.sleep(0.1)

    def sell_a_ticket(self):
        """A whole sale, each step by another replica, so that everything that is counted has happened."""
        def done(url, body=None, **headers):
            status, text, answer_headers = ask(url, body, **headers)
            assert status < 300, (url, status, text)
            return json.loads(text), answer_headers["Consistency-Token"]

        first, second, third = self.urls
        seller, _ = done(f"{first}/api/users/signup", {"email": "ann@example.com", "password": "orange bicycle"})
        buyer, token = done(f"{second}/api/users/signup", {"email": "ben@example.com", "password": "orange bicycle"})
        sells = {"Authorization": f"Bearer {seller['token']}"}
        buys = {"Authorization": f"Bearer {buyer['token']}"}
        ticket, token = done(f"{third}/api/tickets", {"title": "Opening night", "price": 19.99}, **sells)
        done(f"{second}/api/tickets/{ticket['id']}", Consistency="strong", Consistency_Token=token)
        order, token = done(f"{first}/api/orders", {"ticketId": ticket["id"]}, Consistency_Token=token, **buys)
        payment = {"orderId": order["id"], "token": "tok_visa"}
        done(f"{second}/api/payments", payment, Consistency_Token=token, **buys)

    def back_up(self):
        """A backup of each replica: what is counted when a whole state is sent has happened."""
        environment = clean_environment() | {"BOXOFFICE_CLUSTER_SECRET": self.secret}
        for port in self.peers:
            to = ["--peer", f"127.0.0.1:{port}", "--out", f"{self.scratch.name}/{port}.backup"]
            done = subprocess.run([binary(), "backup", *to], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr

    def metrics(self):
        """All replicas' metrics: what each is, and the labels that each has."""
        types, labels = {}, {}
        for url in self.urls:
            status, text, _ = ask(f"{url}/metrics")
            assert status == 200, text
            types |= dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
            for name, inside in re.findall(r"^(\w+)\{(.*)\} ", text, re.MULTILINE):
                labels.setdefault(name, set()).update(re.findall(r'(\w+)="', inside))
        return types, labels
