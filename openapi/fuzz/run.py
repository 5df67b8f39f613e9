"""Holds a running service to its document, by Schemathesis: on one replica, and on three while their leader changes.

    run.py BINARY [--seconds N] [--seed N]
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


def schemathesis(cluster, replicas, who, phases, seconds, seed):
    """Has it try out the service; whether it found nothing."""
    print(f"\n== {len(cluster.urls)} replica(s), asked by {who['name']}: {phases}, {seconds} s", flush=True)
    variables = {
        "BOXOFFICE_FUZZ_REPLICAS": replicas, "BOXOFFICE_FUZZ_TOKEN": who["token"], "BOXOFFICE_FUZZ_KEY": who["key"],
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        str(Path(sys.executable).parent / "st"), "--config-file", str(HERE / who["config"]), "run",
        cluster.urls[0] + "/openapi.json", "--phases", phases, "--max-time", str(seconds), "--seed", str(seed), "--warnings", "off", "--checks", "all",
        # Nothing here is a secret for longer than the run.
        "--output-sanitize", "false",
    ]
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(command, env={**os.environ, **variables}, cwd=directory, check=False)
    return done.returncode == 0


def try_out(binary, count, seconds, seed, phases):
    with Cluster(binary, count) as cluster, tempfile.NamedTemporaryFile("w", suffix=".replicas") as replicas:

        def tell(urls):
            Path(replicas.name).write_text("\n".join(urls), encoding="utf-8")

        token, key = stock(cluster.urls[0]), cluster.operator_key()
        askers = [
            {"name": "a user, and an operator where no user may", "config": "user.toml", "token": token, "key": key},
            {"name": "an operator", "config": "operator.toml", "token": token, "key": key},
        ]
        with Unrest(cluster, every_s=1.5, kill_after_s=seconds / 4, tell=tell) as unrest:
            parts = zip(askers, (seconds * 2 // 3, seconds // 3), strict=True)
            fine = [schemathesis(cluster, replicas.name, who, phases, part, seed) for who, part in parts]
        if count > 1:
            print(f"\nthe leader changed {unrest.changes} times, and was killed {unrest.kills} times")
            assert unrest.changes > 0 and unrest.kills > 0, "nothing happened to the leader"
        return all(fine)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary", type=Path)
    arguments.add_argument("--seconds", type=int, default=100, help="how long to try, in all; about")
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    binary, began = str(given.binary.resolve()), time.monotonic()
    fine = [
        try_out(binary, 1, given.seconds // 2, given.seed, "examples,coverage"),
        try_out(binary, 3, given.seconds // 2, given.seed, "fuzzing,stateful"),
    ]
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
