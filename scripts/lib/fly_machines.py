"""The machines of an app on Fly, each a process in a namespace of its own."""

import http.client
import os
import pathlib
import pickle
import secrets
import subprocess
import time
import tomllib

from fly_network import APP, child, die_with_parent, enter_namespace

VOTERS = 3
# How long anything may take here before it counts as never.
PATIENCE_SECONDS = 60


class Stopped(Exception):
    """A machine has stopped, or does not do what it should."""


def seconds(text):
    """A duration as fly.toml has it."""
    return int(text) if isinstance(text, int) else int(text.removesuffix("s"))


class Machine:
    """A machine: its place, and its process while it runs."""

    def __init__(self, fleet, number, region, round_trip_ms):
        self.fleet = fleet
        self.name = f"{region}-{number}"
        self.region = region
        self.round_trip_ms = round_trip_ms
        self.volume = fleet.data / self.name
        self.id = self._machine_id()
        self.log = fleet.data / f"{self.name}.log"
        self.namespace, self.address = fleet.network.add_machine(number, self.name, round_trip_ms)
        self.url = f"http://[{self.address}]:{fleet.public_port}"
        self.loopback_url = None
        self.process = None

    def _machine_id(self):
        # The same after a restart with the same volume, as on Fly.
        self.volume.mkdir(parents=True, exist_ok=True)
        known = self.volume / "machine-id"
        if not known.exists():
            known.write_text(secrets.token_hex(7))
        return known.read_text()

    def start(self):
        """Starts it with what Fly would tell it."""
        fly = {
            "FLY_APP_NAME": APP,
            "FLY_MACHINE_ID": self.id,
            "FLY_REGION": self.region,
            "FLY_PRIVATE_IP": self.address,
            "PRIMARY_REGION": self.fleet.primary_region,
            "BOXOFFICE_DATA_DIR": str(self.volume / "boxoffice"),
            "BOXOFFICE_CLUSTER_SECRET": self.fleet.secret,
        }
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith(("FLY_", "BOXOFFICE_")) and name != "PRIMARY_REGION"}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", self.namespace, self.fleet.binary, "serve", *self.fleet.arguments],
                env=inherited | self.fleet.env | fly, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=die_with_parent, start_new_session=True)
        self.fleet.publish_names()

    def stop(self):
        """Stops it as Fly would; true if it stopped by itself in time."""
        if not self.process:
            return True
        self.process.terminate()
        try:
            return self.process.wait(self.fleet.kill_timeout_seconds) == 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        finally:
            self.process = None
            self.fleet.publish_names()

    def check(self, path):
        """The status of one health check of Fly's, which comes from the machine's own host."""
        return self.inside(_status, self.address, self.fleet.public_port, path)

    def inside(self, ask, *arguments):
        """What `ask` gives in a process of its own on this machine."""
        receiving, sending = os.pipe()

        def work():
            enter_namespace(self.namespace)
            with os.fdopen(sending, "wb") as answer:
                pickle.dump(ask(*arguments), answer)

        pid = child(work)
        os.close(sending)
        with os.fdopen(receiving, "rb") as answer:
            content = answer.read()
        os.waitpid(pid, 0)
        if not content:
            raise Stopped(f"{self.name}: {ask.__name__} failed")
        return pickle.loads(content)

    def wait_ready(self):
        """Waits until its health check passes."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.check(self.fleet.check_path) != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                raise Stopped(f"{self.name} is not ready; the end of {self.log}:\n{self.last_lines()}")
            time.sleep(0.2)

    def last_lines(self):
        return "".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-5:])


def _status(address, port, path):
    connection = http.client.HTTPConnection(address, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Fleet:
    """All machines of the app."""

    def __init__(self, network, fly_toml, binary, data, options):
        settings = tomllib.loads(fly_toml.read_text())
        self.network = network
        self.binary = str(pathlib.Path(binary).resolve())
        self.data = data.resolve()
        self.arguments = options.arguments
        self.learners = options.learners
        self.env = settings["env"]
        self.primary_region = settings["primary_region"]
        self.public_port = settings["http_service"]["internal_port"]
        self.check_path = settings["http_service"]["checks"][0]["path"]
        self.kill_timeout_seconds = seconds(settings["kill_timeout"])
        self.machines = []
        self.secret = ""

    def make(self):
        """Makes the machines, and starts none of them."""
        self.data.mkdir(parents=True, exist_ok=True)
        kept = self.data / "secret"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_hex(32))
        self.secret = kept.read_text()
        far = [f"far{round_trip_ms:g}".replace(".", "") for round_trip_ms in self.learners]
        places = [(self.primary_region, 0)] * VOTERS + list(zip(far, self.learners))
        for number, (region, round_trip_ms) in enumerate(places, start=1):
            self.machines.append(Machine(self, number, region, round_trip_ms))

    def publish_names(self):
        """Fly's resolver knows the machines that run."""
        running = [machine for machine in self.machines if machine.process]
        names = {f"{machine.id}.vm.{APP}.internal": [machine.address] for machine in running}
        regions = {machine.region for machine in running}
        for region in regions:
            names[f"{region}.{APP}.internal"] = [m.address for m in running if m.region == region]
        names[f"{APP}.internal"] = [machine.address for machine in running]
        self.network.set_names(names)

    def start_all(self):
        for machine in self.machines:
            machine.start()

    def wait_ready(self):
        for machine in self.machines:
            machine.wait_ready()

    def watch(self):
        """Returns when a machine has stopped, and says which."""
        while True:
            for machine in self.machines:
                if machine.process.poll() is not None:
                    print(f"{machine.name} has stopped; the end of {machine.log}:\n"
                          f"{machine.last_lines()}")
                    return
            time.sleep(0.5)

    def stop_all(self):
        """Stops all at once: one after the other, the last would wait for a majority that is gone."""
        for machine in self.machines:
            if machine.process:
                machine.process.terminate()
        for machine in self.machines:
            machine.stop()
