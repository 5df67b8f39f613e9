"""Holds a running service to its document, by Schemathesis: on one replica, and on three while their leader changes.

    run.py BINARY [--seconds N] [--seed N] [--strict]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from cluster import Cluster, Unrest

HERE = Path(__file__).parent
PASSWORD = "violet locomotive 7"
# Who is tried out has the one, whose tickets they buy the other.
USER, SELLER = "fuzz@example.com", "seller@example.com"
# What leaves nothing to chance, and is gone through to the end; and what goes on for as long as it may.
ALL_BOUNDARIES, AT_RANDOM = "examples,coverage", "fuzzing,stateful"
# What chance comes up with may be refused for a reason that no schema tells, or taken although it is odd, such as a title
# that is too long with the white space around it. That would be a failure now and then, which nobody has to mend.
LEFT_TO_CHANCE = ("positive_data_acceptance", "negative_data_rejection")
# Fewer requests than that within the time show nothing: something is wrong, or the machine is too busy.
FEWEST = 20
ASKERS = (
    {"name": "a user, and an operator where no user may", "config": "user.toml", "tags": ()},
    {"name": "an operator", "config": "operator.toml", "tags": ("Keys", "Events", "Webhooks", "Payments")},
)


def post(url, path, body, token=None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def stock(url):
    """Something of everything, so that lists are not empty; the token of whoever it belongs to."""
    user, seller = (
        post(url, "/api/users/signup", {"email": email, "password": PASSWORD})["token"] for email in (USER, SELLER)
    )
    for number in range(30):
        ticket = {"title": f"Opera {number}", "price": 10 + number}
        post(url, "/api/tickets", ticket, seller if number % 2 else user)
    for number in range(3):
        ticket = post(url, "/api/tickets", {"title": f"Ballet {number}", "price": 5}, seller)
        order = post(url, "/api/orders", {"ticketId": ticket["id"]}, user)
        if number:
            payment = post(url, "/api/payments", {"orderId": order["id"], "token": "tok_visa"}, user)
        if number > 1:
            post(url, f"/api/payments/{payment['id']}/refunds", {"amount": 1}, seller)
    return user


def schemathesis(url, who, replicas, options):
    """Has it try out the service; whether it found nothing."""
    print(f"\n== asked by {who['name']}: {' '.join(options)}", flush=True)
    variables = {
        "BOXOFFICE_FUZZ_REPLICAS": str(replicas), "BOXOFFICE_FUZZ_TOKEN": who["token"], "BOXOFFICE_FUZZ_KEY": who["key"],
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        str(Path(sys.executable).parent / "st"), "--config-file", str(HERE / who["config"]), "run", url + "/openapi.json",
        *options, *(f"--include-tag={tag}" for tag in who["tags"]), "--checks", "all", "--warnings", "off",
        # Nothing here is a secret for longer than the run.
        "--output-sanitize", "false",
    ]
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(command, env={**os.environ, **variables}, cwd=directory, check=False)
    asked = int(Path(f"{replicas}.asked").read_text(encoding="utf-8"))
    print(f"{asked} requests")
    return done.returncode == 0 and asked >= FEWEST


def try_out(binary, count, options, seconds_each):
    with Cluster(binary, count) as cluster, tempfile.TemporaryDirectory() as directory:
        replicas = Path(directory) / "replicas"

        def tell(urls):
            # Whoever reads it finds the one list or the other.
            new = replicas.with_suffix(".new")
            new.write_text("\n".join(urls), encoding="utf-8")
            new.rename(replicas)

        # The key first: once there can be one, the replicas do all that they can do.
        key = cluster.operator_key()
        secrets = {"token": stock(cluster.urls[0]), "key": key}
        with Unrest(cluster, every_s=3, kill_after_s=seconds_each / 3, tell=tell) as unrest:
            fine = [schemathesis(cluster.urls[0], {**who, **secrets}, replicas, options) for who in ASKERS]
        if count > 1:
            print(f"\nthe leader changed {unrest.changes} times, and was killed {unrest.kills} times")
            assert unrest.changes > 0 and unrest.kills > 0, "nothing happened to the leader"
        return all(fine)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary", type=Path)
    arguments.add_argument("--seconds", type=int, default=60, help="how long to try at random, in all")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--strict", action="store_true", help="leave no check to chance: for whoever looks at each finding")
    given = arguments.parse_args()
    binary, began = str(given.binary.resolve()), time.monotonic()
    seed, each = ("--seed", str(given.seed)), given.seconds // len(ASKERS)
    without = () if given.strict else ("--exclude-checks", ",".join(LEFT_TO_CHANCE))
    at_random = ("--phases", AT_RANDOM, "--max-time", str(each), *seed, *without)
    fine = [
        try_out(binary, 1, ("--phases", ALL_BOUNDARIES, *seed), each),
        try_out(binary, 3, at_random, each),
    ]
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
