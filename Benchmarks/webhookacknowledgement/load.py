"""Signed webhooks at a steady rate over kept connections. Run as a program it sends, and prints what it saw as JSON."""

import asyncio
import hashlib
import hmac
import json
import sys
import time


def payload(number: int, project: str, size: int) -> bytes:
    """A push of GitHub's, filled up to a size as commits fill real ones."""
    body = {
        "ref": "refs/heads/master", "after": hashlib.sha1(str(number).encode()).hexdigest(), "number": number,
        "repository": {"full_name": project, "clone_url": f"https://github.com/{project}.git"}, "commits": [],
    }
    commit = {"id": "0" * 40, "message": "A change " + "x" * 60, "added": [], "modified": ["data-model/main.xml"]}
    room = max(0, size - len(json.dumps(body)))
    body["commits"] = [commit] * (room // (len(json.dumps(commit)) + 2))
    return json.dumps(body).encode()


def request(host: str, path: str, body: bytes, secret: bytes) -> bytes:
    """The bytes of one webhook."""
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return (f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\n"
            f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


class Connection:
    """One kept connection, on which requests go one after another."""

    def __init__(self, host: str, port: int):
        self.host, self.port = host, port
        self.reader = self.writer = None

    async def send(self, data: bytes) -> int:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        self.writer.write(data)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        for line in head.lower().split("\r\n"):
            if line.startswith("content-length:"):
                await self.reader.readexactly(int(line.split(":")[1]))
        return int(head.split(" ", 2)[1])


async def run(options: dict) -> dict:
    """Sends at the rate for the seconds. A request's time begins when it was due: whoever is late is counted as late."""
    secret = options["secret"].encode()
    total = int(options["rate"] * options["seconds"])
    # Signed before, so that what is measured is the other side's work.
    projects = options["projects"]
    requests = [request("localhost", options["path"], payload(options["first"] + n, projects[n % len(projects)],
                                                              options["size"]), secret) for n in range(total)]
    idle: asyncio.Queue = asyncio.Queue()
    for _ in range(options["connections"]):
        idle.put_nowait(Connection("127.0.0.1", options["port"]))
    times, statuses, tasks = [], {}, []

    async def one(data: bytes, due: float):
        connection = await idle.get()
        try:
            status = await connection.send(data)
        except (OSError, EOFError, asyncio.IncompleteReadError) as problem:
            connection.reader = connection.writer = None
            status = type(problem).__name__
        times.append(time.perf_counter() - due)
        statuses[str(status)] = statuses.get(str(status), 0) + 1
        idle.put_nowait(connection)

    start = time.perf_counter() + 0.2
    for number, data in enumerate(requests):
        due = start + number / options["rate"]
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        tasks.append(asyncio.create_task(one(data, due)))
    await asyncio.gather(*tasks)
    return {"seconds": time.perf_counter() - start, "times": times, "statuses": statuses}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
