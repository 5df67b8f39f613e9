"""fly.toml and Dockerfile against the program: a setting that it does not have, or a port that is not the same in two
places, would only be noticed on Fly."""

import json
import re
import subprocess
import tomllib
import unittest

from support import Cluster, binary, clean_environment, read

# What flyctl knows, of the sections that are there: it ignores what it does not know.
KNOWN = {
    "": {"app", "primary_region", "kill_signal", "kill_timeout", "build", "deploy", "env", "mounts", "http_service",
         "restart", "vm", "metrics"},
    "build": {"dockerfile", "image", "args", "build-target", "ignorefile"},
    "deploy": {"strategy", "max_unavailable", "wait_timeout", "release_command"},
    "mounts": {"source", "destination", "initial_size", "snapshot_retention", "scheduled_snapshots",
               "auto_extend_size_threshold", "auto_extend_size_increment", "auto_extend_size_limit"},
    "http_service": {"internal_port", "force_https", "auto_stop_machines", "auto_start_machines",
                     "min_machines_running", "concurrency", "checks"},
    "http_service.concurrency": {"type", "soft_limit", "hard_limit"},
    "http_service.checks": {"interval", "timeout", "grace_period", "method", "path", "protocol"},
    "restart": {"policy", "retries"},
    "vm": {"size", "memory", "cpus", "cpu_kind"},
    "metrics": {"port", "path"},
}
FLY_LONGEST_KILL_TIMEOUT_SECONDS = 300
# Between the end of the drain and the end of the process: the workers end, the state is made durable.
AFTER_DRAIN_SECONDS = 15


def seconds(duration):
    number, unit = re.fullmatch(r"(\d+)(s|m)", duration).groups()
    return int(number) * {"s": 1, "m": 60}[unit]


class FlyToml(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fly = tomllib.loads(read("fly.toml"))
        cls.env = cls.fly["env"]
        cls.paths = json.loads(read("openapi/openapi.json"))["paths"]
        cls.dockerfile = read("Dockerfile")
        help_text = subprocess.run([binary(), "serve", "--help"], capture_output=True, check=True, text=True,
                                   env=clean_environment()).stdout
        cls.settings = dict(re.findall(r"\[env: (BOXOFFICE_\w+)=?\]\s*(?:\[default: (.*)\])?", help_text))

    def test_every_setting_is_one(self):
        self.assertGreater(len(self.settings), 20, "the help text is read")
        in_dockerfile = re.findall(r"(BOXOFFICE_\w+)=", self.dockerfile)
        self.assertGreater(len(in_dockerfile), 0)
        for name in [*self.env, *in_dockerfile]:
            self.assertIn(name, self.settings)

    def test_every_value_is_accepted(self):
        with Cluster(self.env) as cluster:
            self.assertNotIn("unknown environment variable", cluster.logs())

    def test_secrets_stay_out(self):
        self.assertFalse([name for name in self.env if "SECRET" in name or "KEY" in name])

    def test_every_field_is_one(self):
        self._fields_are_known("", {name: value for name, value in self.fly.items()})

    def _fields_are_known(self, section, fields):
        for name, value in fields.items():
            self.assertIn(name, KNOWN[section], f"[{section}]")
            inner = f"{section}.{name}".removeprefix(".")
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict) and inner != "env":
                    self._fields_are_known(inner, entry)

    def test_ports_agree(self):
        port = self.fly["http_service"]["internal_port"]
        self.assertEqual(self.env["BOXOFFICE_LISTEN"], f"[::]:{port}")
        self.assertEqual(self.fly["metrics"]["port"], port)
        self.assertIn(f"BOXOFFICE_LISTEN=[::]:{port}", self.dockerfile)
        self.assertRegex(self.dockerfile, rf"(?m)^EXPOSE {port} 4000$")

    def test_checks_ask_for_what_there_is(self):
        checks = self.fly["http_service"]["checks"]
        self.assertEqual([check["path"] for check in checks], ["/readyz"])
        for check in checks:
            self.assertIn(check["method"].lower(), self.paths[check["path"]])
            self.assertLess(seconds(check["timeout"]), seconds(check["interval"]))
        self.assertIn("get", self.paths[self.fly["metrics"]["path"]])

    def test_stopping_has_the_time_that_it_takes(self):
        self.assertEqual(self.fly["kill_signal"], "SIGTERM")
        drain = seconds(self.env.get("BOXOFFICE_DRAIN_TIMEOUT") or self.settings["BOXOFFICE_DRAIN_TIMEOUT"])
        self.assertGreaterEqual(self.fly["kill_timeout"], drain + AFTER_DRAIN_SECONDS)
        self.assertLessEqual(self.fly["kill_timeout"], FLY_LONGEST_KILL_TIMEOUT_SECONDS)

    def test_a_majority_is_always_up(self):
        voters = int(self.env["BOXOFFICE_VOTERS"])
        self.assertEqual(int(self.env["BOXOFFICE_BOOTSTRAP_EXPECT"]), voters)
        self.assertEqual(voters % 2, 1)
        self.assertGreaterEqual(voters, 3)
        self.assertEqual(self.fly["deploy"]["strategy"], "rolling")
        self.assertEqual(self.fly["deploy"]["max_unavailable"], 1)
        self.assertEqual(self.fly["http_service"]["auto_stop_machines"], "off")
        self.assertGreaterEqual(self.fly["http_service"]["min_machines_running"], voters)

    def test_the_data_lies_on_the_volume_and_belongs_to_nobody_else(self):
        mount = self.fly["mounts"]["destination"]
        self.assertTrue(self.env["BOXOFFICE_DATA_DIR"].startswith(f"{mount}/"))
        self.assertIn(f"BOXOFFICE_DATA_DIR={self.env['BOXOFFICE_DATA_DIR']}", self.dockerfile)
        last_stage = self.dockerfile.rsplit("\nFROM ", 1)[1]
        self.assertRegex(last_stage, r"(?m)^USER [1-9]\d*:[1-9]\d*$")


if __name__ == "__main__":
    unittest.main()
