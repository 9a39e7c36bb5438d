"""A model server for measurements: it answers in OpenAI's form after a fixed time, and says how fast it was asked.

    python modelserver.py SECONDS TURNS     prints its port, then serves until it is ended

The model calls `list_mail`, and `finish` in its last turn. GET /rate tells of the requests since it was asked last: how
many a second over their middle half, how many in all, and how many at once at most. GET /requests gives some of all
requests, as they came.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import count

LATENCY, TURNS = float(sys.argv[1]), int(sys.argv[2])
EVERY = 11
"""Of so many requests one is kept."""
numbers = count()
times: list[float] = []
kept: list[bytes] = []
under_way: Counter[str] = Counter()


def answer(body: bytes) -> bytes:
    """A tool call; the number of the turn is told by the history."""
    turn = body.count(b'"role":"assistant"') + body.count(b'"role": "assistant"') + 1
    name, arguments = ("finish", '{"note": "Done."}') if turn >= TURNS else ("list_mail", "{}")
    call = {"id": f"call-{turn}", "type": "function", "function": {"name": name, "arguments": arguments}}
    choice = {
        "index": 0, "finish_reason": "tool_calls",
        "message": {"role": "assistant", "content": "I look at my mail.", "tool_calls": [call]},
    }  # fmt: skip
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test"}
    return json.dumps({**head, "choices": [choice], "usage": usage}).encode()


def rate() -> bytes:
    """What is told of the last requests."""
    quarter = len(times) // 4
    middle = times[quarter : len(times) - quarter]
    told = {"rate": (len(middle) - 1) / (middle[-1] - middle[0]), "requests": len(times), "at_once": under_way["most"]}
    times.clear()
    under_way.clear()
    return json.dumps(told).encode()


async def answered(head: bytes, reader: asyncio.StreamReader) -> bytes:
    """What one request is answered."""
    if head.startswith(b"GET /rate"):
        return rate()
    if head.startswith(b"GET /requests"):
        return b"[" + b",".join(kept) + b"]"
    size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(size)
    if next(numbers) % EVERY == 0:
        kept.append(body)
    under_way["now"] += 1
    under_way["most"] = max(under_way["most"], under_way["now"])
    await asyncio.sleep(LATENCY)
    under_way["now"] -= 1
    times.append(time.perf_counter())
    return answer(body)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await answered(head, reader)
            ok = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(ok + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
