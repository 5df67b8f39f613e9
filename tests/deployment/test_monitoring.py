"""The dashboard, the alerts and the runbook against what the program exports."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest

from support import ROOT, Cluster, read

ALERTS = "docs/prometheus-alerts.yml"
DASHBOARD = "docs/grafana-dashboard.json"
RUNBOOK = "docs/OPERATIONS.md"
# Labels that Prometheus gives to every sample.
OF_PROMETHEUS = {"instance", "job"}
NAME = r"\bboxoffice_[a-z_]+\b"


def samples(name, kind):
    """The names under which Prometheus has a metric's samples."""
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    return {name + ending for ending in endings.get(kind, [""])}


def expressions():
    """Every query, with the file that has it."""
    dashboard = json.loads(read(DASHBOARD))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"{DASHBOARD}: {panel['title']}", target["expr"]
    # A rule's query is all that is indented deeper than its key, or on its line. Needs no library for YAML.
    for alert, block in re.findall(r"- alert: (\w+)\n(.*?)(?=\n\n|\Z)", read(ALERTS), re.DOTALL):
        query = re.search(r"^        expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)", block + "\n", re.MULTILINE)
        yield f"{ALERTS}: {alert}", query.group(1) or query.group(2)


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Cluster({}) as cluster:
            cluster.sell_a_ticket()
            cluster.back_up()
            types, cls.labels = cluster.metrics()
        cls.exported = set().union(*(samples(name, kind) for name, kind in types.items()))
        cls.expressions = list(expressions())

    def test_the_queries_are_found(self):
        self.assertEqual(len([1 for where, _ in self.expressions if where.startswith(ALERTS)]),
                         read(ALERTS).count("- alert:"))
        self.assertGreater(len(self.expressions), 40)
        self.assertTrue(all(re.search(NAME, query) for _, query in self.expressions))

    def test_every_metric_is_exported(self):
        for where, query in self.expressions:
            for name in re.findall(NAME, query):
                self.assertIn(name, self.exported, where)

    def test_every_metric_of_the_runbook_is_exported(self):
        families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in self.exported} | self.exported
        for name in re.findall(rf"`({NAME})", read(RUNBOOK)):
            self.assertIn(name, families, RUNBOOK)

    def test_every_label_is_one_that_the_metric_has(self):
        known = set().union(*self.labels.values()) | OF_PROMETHEUS
        for where, query in self.expressions:
            for name, selector in re.findall(rf"({NAME})\{{([^}}]*)\}}", query):
                wanted = set(re.findall(r"(\w+)\s*[=!]", selector))
                self.assertLessEqual(wanted, self.labels.get(name, set()) | OF_PROMETHEUS, where)
            for grouping in re.findall(r"by \(([^)]*)\)", query):
                self.assertLessEqual(set(re.findall(r"\w+", grouping)), known, where)

    def test_every_operation_is_one(self):
        operations = set(re.findall(r'"operationId": "(\w+)"', read("openapi/openapi.json")))
        named = [re.findall(r'operation=~?"([^"]*)"', query) for _, query in self.expressions]
        named = {operation for found in named for alternatives in found for operation in alternatives.split("|")}
        self.assertGreater(len(named), 1)
        self.assertLessEqual(named, operations)

    def test_every_alert_has_a_section_in_the_runbook(self):
        headings = re.findall(r"(?m)^#+ (.*)$", read(RUNBOOK))
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        named = re.findall(r"runbook: docs/OPERATIONS\.md#(\S+)", read(ALERTS))
        self.assertEqual(len(named), read(ALERTS).count("- alert:"))
        self.assertLessEqual(set(named), anchors)

    def test_panels_do_not_overlap(self):
        seen, ids = set(), []
        for panel in json.loads(read(DASHBOARD))["panels"]:
            place = panel["gridPos"]
            squares = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                       for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(squares & seen, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24)
            seen |= squares
            ids.append(panel["id"])
        self.assertEqual(len(ids), len(set(ids)))

    @unittest.skipUnless(shutil.which("promtool"), "promtool is missing: apt-get install prometheus")
    def test_prometheus_reads_the_alerts_and_fires_them(self):
        for command in (["check", "rules", ALERTS], ["test", "rules", "tests/deployment/alerts_test.yml"]):
            done = subprocess.run(["promtool", *command], cwd=ROOT, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is missing: apt-get install prometheus")
    def test_prometheus_reads_the_queries_of_the_dashboard(self):
        rules = "groups:\n- name: dashboard\n  rules:\n"
        for number, (where, query) in enumerate(self.expressions):
            if where.startswith(DASHBOARD):
                rules += f"  - record: panel:{number}\n    expr: {json.dumps(query)}\n"
        rules = rules.replace("$__rate_interval", "5m")
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            file.write(rules)
            file.flush()
            done = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
