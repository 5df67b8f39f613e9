"""A service that does as cases say, and checks what clients make of it. Over HTTP, so that clients in any language may come:

GET /cases             the calls to make, and with what settings
POST /begin?case=N     -> {"urls": […]}, what the client of the case has for base URLs
POST /end?case=N       with what the call ended with -> {"faults": […]}, none if all was as it has to be
"""

import asyncio
import json
import socket
import time
from http.client import responses
from urllib.parse import parse_qsl, urlsplit

from cases import CASES

HELD_S = 600
TOLD = ("name", "call", "retry", "after", "take", "silence_ms", "key")


class Faults:
    """The servers `a` and `b`, and the one that tells clients what to do."""

    def __init__(self):
        self.answers = {}
        self.requests = []
        self.began = 0.0
        self.holds = set()

    async def start(self):
        """Starts all of them; the URL to come to."""
        self.servers, self.urls = [], {}
        for name in ("a", "b"):
            self.urls[name] = await self._serve(lambda reader, writer, name=name: self._taken(name, reader, writer))
        # Nobody listens there, and nobody else can meanwhile.
        self.dead = socket.socket()
        self.dead.bind(("127.0.0.1", 0))
        self.urls["dead"] = f"http://127.0.0.1:{self.dead.getsockname()[1]}"
        return await self._serve(self._told)

    async def _serve(self, taken):
        server = await asyncio.start_server(taken, "127.0.0.1", 0)
        self.servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _told(self, reader, writer):
        method, target, _, body = await read_request(reader)
        url = urlsplit(target)
        query = dict(parse_qsl(url.query))
        if url.path == "/cases":
            answer = [{name: case[name] for name in TOLD if name in case} for case in CASES]
        elif url.path == "/begin":
            answer = self.begin(CASES[int(query["case"])])
        else:
            answer = {"faults": self.end(CASES[int(query["case"])], json.loads(body))}
        await send(writer, 200, {"content-type": "application/json"}, json.dumps(answer).encode())
        writer.close()

    def begin(self, case):
        """Has the servers do as a case says from now on."""
        self.answers = {"a": list(case["a"]), "b": list(case["b"])}
        self.requests = []
        self.began = time.monotonic()
        return {"urls": [self.urls[name] for name in case["urls"]]}

    def end(self, case, outcome):
        """All that is not as it has to be."""
        faults = []
        if outcome != case["expect"]:
            faults.append(f"it ended with {json.dumps(outcome)} and not {json.dumps(case['expect'])}")
        took_ms = (time.monotonic() - self.began) * 1_000
        # What is bounded takes a few seconds, and without its bound longer than this; so it may be on a busy machine.
        if took_ms > 30_000:
            faults.append(f"it took {took_ms:.0f} ms")
        if len(self.requests) != len(case["requests"]):
            faults.append(f"{len(self.requests)} requests came, not {len(case['requests'])}")
        before = None
        keys = set()
        for number, (came, has) in enumerate(zip(self.requests, case["requests"]), 1):
            faults += [f"request {number}: {fault}" for fault in differences(came, has, before, keys, self.began)]
            before = came
        for left in self.holds:
            left.set()
        self.holds.clear()
        return faults

    async def _taken(self, name, reader, writer):
        try:
            method, target, headers, body = await read_request(reader)
            self.requests.append(
                {
                    "server": name,
                    "method": method,
                    "target": target,
                    "headers": headers,
                    "body": body,
                    "at": time.monotonic(),
                }
            )
            answers = self.answers.get(name)
            answer = answers.pop(0) if answers else {"status": 599, "text": "nobody should have asked"}
            await self._hold(answer.get("delay_ms", 0) / 1_000)
            if "stream" in answer:
                await self._stream(answer, writer)
            elif answer.get("hangs"):
                await answer_with({**answer, "drop": "middle"}, writer)
                await self._hold(HELD_S)
            elif answer.get("drop") == "before":
                writer.transport.abort()
            else:
                await answer_with(answer, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            # What was sent still arrives.
            writer.close()

    async def _stream(self, answer, writer):
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for piece in answer["stream"]:
            if isinstance(piece, int):
                await asyncio.sleep(piece / 1_000)
                continue
            data = piece.encode()
            writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await writer.drain()
        if answer["hold"]:
            await self._hold(HELD_S)

    async def _hold(self, seconds):
        """Waits, but no longer than the case goes on."""
        held = asyncio.Event()
        self.holds.add(held)
        try:
            await asyncio.wait_for(held.wait(), seconds)
        except TimeoutError:
            pass


def differences(came, has, before, keys, began):
    """What is wrong with a request, by what it has to have."""
    headers = came["headers"]
    for name in ("server",):
        if came[name] != has[name]:
            yield f"it came to {came[name]}"
    for name in ("authorization", "consistency_token", "last_event_id", "accept", "cookie"):
        if name in has and headers.get(name.replace("_", "-")) != has[name]:
            yield f"{name} is {headers.get(name.replace('_', '-'))}, not {has[name]}"
    if "query" in has and (query := dict(parse_qsl(urlsplit(came["target"]).query))) != has["query"]:
        yield f"its query is {query}"
    key = headers.get("idempotency-key")
    wanted = has.get("key", key)
    if wanted == "new":
        if not key or len(key) < 16 or key in keys:
            yield f"its key is {key}"
    elif wanted == "same":
        if key != before["headers"].get("idempotency-key") or came["body"] != before["body"]:
            yield f"its key is {key}, and not that of before, or its body differs"
    elif key != wanted:
        yield f"its key is {key}"
    keys.add(key)
    if (case_ms := (came["at"] - began) * 1_000) < has.get("of_case_ms", 0):
        yield f"it came {case_ms:.0f} ms after the beginning"
    if before and (gap_ms := (came["at"] - before["at"]) * 1_000) < has.get("least_ms", 0):
        yield f"it came after {gap_ms:.0f} ms"


async def read_request(reader):
    """Method, target, headers and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {}
    for line in head[1:]:
        if line:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return method, target, headers, body


async def answer_with(answer, writer):
    """Sends what a case says, or half of it."""
    headers = {"content-type": "application/json", **answer.get("headers", {})}
    body = json.dumps(answer["json"]).encode() if "json" in answer else answer["text"].encode()
    if "json" not in answer and "content-type" not in answer.get("headers", {}):
        headers["content-type"] = "text/html"
    if answer.get("drop") == "middle":
        await send(writer, answer["status"], headers, body[: len(body) // 2], len(body))
    else:
        await send(writer, answer["status"], headers, body)


async def send(writer, status, headers, body, length=None):
    """Sends an answer after which the connection ends."""
    reason = responses.get(status, "For a test")
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "connection: close",
        f"content-length: {len(body) if length is None else length}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    await writer.drain()


async def main():
    """Serves until it is stopped; prints where."""
    print(await Faults().start(), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
