"""What is tried on the machines: a far learner's speed, and the first deploy."""

import http.client
import json
import re
import statistics
import time

from fly_machines import VOTERS, PATIENCE_SECONDS

READS = 400
WRITES = 40
# A write takes one round trip to the leader, and so much besides; a read none.
WRITE_EXTRA_MS = 30
READ_P99_MS = 5


class Client:
    """A user with one connection to one machine."""

    def __init__(self, address, port):
        self.connection = http.client.HTTPConnection(address, port, timeout=PATIENCE_SECONDS)
        self.headers = {"Content-Type": "application/json"}

    def ask(self, method, path, body=None, **headers):
        started = time.monotonic()
        content = json.dumps(body) if body is not None else None
        self.connection.request(method, path, content, self.headers | headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took_ms = (time.monotonic() - started) * 1000
        if answer.status >= 300:
            raise OSError(f"{method} {path}: {answer.status} {text.decode(errors='replace')}")
        if token := answer.headers.get("Consistency-Token"):
            self.headers["Consistency-Token"] = token
        return (json.loads(text) if text[:1] in (b"{", b"[") else text.decode()), took_ms

    def sign_up(self, email):
        user, took_ms = self.ask("POST", "/api/users/signup", {"email": email, "password": "orange bicycle"})
        if token := user.get("token"):
            self.headers["Authorization"] = f"Bearer {token}"
        return took_ms

    def sell(self, title):
        ticket, took_ms = self.ask("POST", "/api/tickets", {"title": title, "price": 19.99})
        return ticket["id"], took_ms


def measure(address, port):
    """Signs up, then writes and reads: (sign-up, writes, reads) in milliseconds, and a ticket's id."""
    client = Client(address, port)
    signed_up_ms = client.sign_up("ann@example.com")
    writes, reads, ticket = [], [], None
    for number in range(WRITES):
        ticket, took_ms = client.sell(f"Night {number}")
        writes.append(took_ms)
    for _ in range(READS):
        found, took_ms = client.ask("GET", f"/api/tickets/{ticket}")
        assert found["id"] == ticket
        reads.append(took_ms)
    return signed_up_ms, writes, reads, ticket, client.headers["Consistency-Token"]


def read_at(address, port, ticket, token):
    """The title of a ticket, as another machine shows it to whom has seen `token`."""
    client = Client(address, port)
    client.headers["Consistency-Token"] = token
    return client.ask("GET", f"/api/tickets/{ticket}")[0]["title"]


def smoke(fleet, _options):
    """Fails only if something is wrong; how fast it is depends on the machine, and is printed."""
    fleet.start_all()
    fleet.wait_ready()
    machine = fleet.machines[-1]
    signed_up_ms, writes, reads, ticket, token = machine.inside(measure, machine.address, fleet.public_port)
    for other in fleet.machines:
        title = other.inside(read_at, other.address, fleet.public_port, ticket, token)
        assert title == f"Night {WRITES - 1}", f"{other.name} shows {title}"
    median, p99 = statistics.median(writes), statistics.quantiles(reads, n=100)[98]
    print(f"through {machine.name}, {machine.round_trip_ms:g} ms (round trip) from the voters:\n"
          f"  sign-up  {signed_up_ms:7.1f} ms\n"
          f"  write    {median:7.1f} ms median of {len(writes)}, {max(writes):.1f} ms at most"
          f"{bar(median, machine.round_trip_ms + WRITE_EXTRA_MS, 'median')}\n"
          f"  read     {statistics.median(reads):7.1f} ms median of {len(reads)}, {p99:.1f} ms p99"
          f"{bar(p99, READ_P99_MS, 'p99')}")
    return 0


def bar(measured_ms, wanted_ms, what):
    """What a release build on a quiet machine has to reach."""
    return f" ({what} of at most {wanted_ms:g} ms: {'met' if measured_ms <= wanted_ms else 'NOT met'})"


def expect(machines, status, fleet):
    for machine in machines:
        got = machine.check(fleet.check_path)
        if got != status:
            raise RuntimeError(f"{machine.name}: {fleet.check_path} is {got}, not {status}")


def hold(machines, status, fleet, for_seconds):
    """Has to stay so: checks as Fly does, again and again."""
    end = time.monotonic() + for_seconds
    while time.monotonic() < end:
        expect(machines, status, fleet)
        time.sleep(0.5)


def wait_until_up(machine):
    end = time.monotonic() + PATIENCE_SECONDS
    while machine.check("/healthz") != 200:
        if time.monotonic() > end:
            raise RuntimeError(f"{machine.name} does not come up:\n{machine.last_lines()}")
        time.sleep(0.2)


def epoch(address, port):
    """Which cluster a machine says that it is of."""
    client = Client(address, port)
    client.ask("GET", "/api/tickets?limit=1")
    return client.headers["Consistency-Token"].split("-")[0]


def leads(address, port):
    metrics, _ = Client(address, port).ask("GET", "/metrics")
    return re.search(r"^boxoffice_is_leader 1$", metrics, re.MULTILINE) is not None


def leaders(machines, fleet):
    return [m for m in machines if m.inside(leads, m.address, fleet.public_port)]


def one_cluster(machines, fleet):
    epochs = {machine.inside(epoch, machine.address, fleet.public_port) for machine in machines}
    if len(epochs) != 1:
        raise RuntimeError(f"there is not one cluster: {epochs}")
    end = time.monotonic() + PATIENCE_SECONDS
    while len(leaders(machines, fleet)) != 1:
        if time.monotonic() > end:
            raise RuntimeError("there is not one leader")
        time.sleep(0.2)


def first_deploy(fleet, _options):
    """The sequence of the runbook. `fly deploy --strategy immediate` makes one machine and does not wait for its
    check; `fly scale count` makes others and waits for none either."""
    if any(machine.log.exists() for machine in fleet.machines):
        raise RuntimeError(f"the first day begins without data, but there is some in {fleet.data}")
    voters, learners = fleet.machines[:VOTERS], fleet.machines[VOTERS:]
    first = voters[0]
    print("fly deploy --strategy immediate: one machine, which lives and is not ready", flush=True)
    first.start()
    wait_until_up(first)
    hold([first], 503, fleet, 8)
    print("fly scale count 3: with two of three nobody founds a cluster, with all three they do", flush=True)
    voters[1].start()
    wait_until_up(voters[1])
    hold(voters[:2], 503, fleet, 8)
    voters[2].start()
    for machine in voters:
        machine.wait_ready()
    one_cluster(voters, fleet)
    *_, ticket, token = first.inside(measure, first.address, fleet.public_port)
    for machine in learners:
        print(f"fly scale count 1 --region {machine.region}: it joins, and does not vote", flush=True)
        machine.start()
        machine.wait_ready()
    one_cluster(fleet.machines, fleet)
    for machine in fleet.machines:
        print(f"fly deploy: {machine.name} is replaced", flush=True)
        if not machine.stop():
            raise RuntimeError(f"{machine.name} did not stop in {fleet.kill_timeout_seconds} s")
        expect([other for other in fleet.machines if other is not machine], 200, fleet)
        machine.start()
        machine.wait_ready()
    one_cluster(fleet.machines, fleet)
    for machine in fleet.machines:
        machine.inside(read_at, machine.address, fleet.public_port, ticket, token)
    print("one cluster, one leader, nothing lost")
    return 0
