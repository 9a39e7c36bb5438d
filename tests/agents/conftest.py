"""A server on this machine that speaks like OpenAI's and says what a test wrote down for it."""

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from corpenv.models import ModelClient
from corpenv.models.client import litellm
from corpenv.models.loop import wait_for
from corpenv.turns import Post, ToolSpec

KEY = "sk-0123456789abcdefghij"
Answerer = Callable[[Request], Response]


class FakeOpenAI:
    """Answers each request with the next thing that was queued, and keeps the requests."""

    def __init__(self, server: HTTPServer) -> None:
        self.api_base = server.url_for("/v1")
        self.requests: list[dict[str, Any]] = []
        self.released = threading.Event()
        self._queue: list[Answerer] = []
        self._always: Answerer | None = None
        server.expect_request("/v1/chat/completions", method="POST").respond_with_handler(self._answer)

    @property
    def options(self) -> dict[str, Any]:
        """How a client reaches this server."""
        return {"api_base": self.api_base, "api_key": KEY}

    def says(
        self, text: str | None = None, *, finish: str = "stop", usage: tuple[int, int] = (5, 7), **more: Any
    ) -> None:
        """A message, with whatever else stands in it; `usage` is tokens read and written."""
        self._queue.append(
            lambda request: completion(request.get_json()["model"], {"content": text, **more}, finish, usage)
        )

    def calls(self, *calls: tuple[str, Any], text: str | None = None, **more: Any) -> None:
        """Tool calls (name, arguments), with the ids call-0, call-1, …; arguments that are a text go as they are."""
        items = [
            {"id": f"call-{at}", "type": "function", "function": {"name": name, "arguments": as_text(arguments)}}
            for at, (name, arguments) in enumerate(calls)
        ]
        self.says(text, tool_calls=items, **{"finish": "tool_calls", **more})

    def fails(self, status: int, message: str = "something is wrong", headers: dict[str, str] | None = None) -> None:
        """An error of the API."""
        self.body(json.dumps({"error": {"message": message}}), status, headers)

    def body(self, body: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Any body at all."""
        self._queue.append(lambda request: Response(body, status, headers, content_type="application/json"))

    def breaks_off(self) -> None:
        """Half of an answer, then the end of the connection."""
        whole = completion("test", {"content": "a long answer"}, "stop", (5, 7)).get_data(as_text=True)
        self.body(whole[: len(whole) // 2], headers={"Content-Length": str(len(whole))})

    def drops(self) -> None:
        """No answer: the connection is closed."""

        def drop(request: Request) -> Response:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return Response()

        self._queue.append(drop)

    def hangs(self) -> None:
        """No answer before the test is over."""

        def wait(request: Request) -> Response:
            self.released.wait(10)
            return Response(status=503)

        self._queue.append(wait)

    def answers(self, answer: Answerer) -> None:
        """From now on every request is answered so, whatever is queued; it may queue answers and take them."""
        self._always = answer

    def take(self, request: Request) -> Response:
        """The next answer that is queued."""
        return self._queue.pop(0)(request)

    def gone(self) -> None:
        """From now on nobody should ask any more, and is told so."""
        self._always = lambda request: Response("gone", 410)

    def _answer(self, request: Request) -> Response:
        self.requests.append(request.get_json())
        if self._always is not None:
            return self._always(request)
        return self._queue.pop(0)(request) if self._queue else Response("nothing is queued", 418)


def completion(model: str, message: dict[str, Any], finish: str, usage: tuple[int, int]) -> Response:
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)},
    }
    return Response(json.dumps(whole), content_type="application/json")


def as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


@pytest.fixture(scope="session")
def model_server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture(scope="session")
def warm_litellm(model_server: HTTPServer) -> Iterator[None]:
    """LiteLLM, with all that it imports on a first call; it keeps connections, which the suite closes in the end."""
    fake = FakeOpenAI(model_server)
    fake.says("warm")
    tool = {"type": "function", "function": {"name": "none", "parameters": {"type": "object", "properties": {}}}}
    asyncio.run(ModelClient("openai/test", **fake.options).complete([{"role": "user", "content": "hi"}], [tool]))
    model_server.clear()
    yield
    wait_for(litellm().close_litellm_async_clients())


@pytest.fixture
def fake_openai(model_server: HTTPServer, warm_litellm: None) -> Iterator[FakeOpenAI]:
    fake = FakeOpenAI(model_server)
    yield fake
    fake.released.set()
    model_server.clear()


class Waits(list[float]):
    """Instead of waiting: notes how long it would have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    return asyncio.run


@pytest.fixture
def tools() -> tuple[ToolSpec, ...]:
    text = {"type": "string"}
    return (
        ToolSpec("list_mail", "List the mails in a folder.", {"type": "object", "properties": {"folder": text}}),
        ToolSpec(
            "send_mail",
            "Send a mail.\nIt arrives at once.",
            {
                "type": "object",
                "properties": {
                    "to": {"type": "array", "items": text, "description": "accounts"},
                    "subject": text,
                    "body": text,
                    "urgent": {"type": "boolean"},
                    "copies": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "mood": {"$ref": "#/$defs/Mood"},
                },
                "required": ["to", "subject"],
                "$defs": {"Mood": {"enum": ["plain", "warm"], "type": "string"}},
            },
        ),
    )


@pytest.fixture
def post(tools: tuple[ToolSpec, ...]) -> Post:
    return Post("You work in the office.", tools, 7)


# a server that answers as badly as a row of a table says; which row stands in the address ---------------------------

WELL = {"role": "assistant", "content": None, "tool_calls": [
    {"id": "call-0", "type": "function", "function": {"name": "finish", "arguments": '{"note": "Done."}'}},
]}  # fmt: skip


def whole_answer(message: Any = WELL, **more: Any) -> dict[str, Any]:
    """A whole answer; `choice` and others go over it."""
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls", **more.pop("choice", {})}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test", "choices": [choice]}
    return {**whole, "usage": usage, **more}


class Answer:
    """Bytes to send and how, made of a row of the table."""

    def __init__(self, row: Mapping[str, Any], request: bytes) -> None:
        body = row.get("body", "")
        if "message" in row:
            body = json.dumps(whole_answer(row["message"], **row.get("with", {})))
        if "response" in row:
            body = json.dumps(row["response"])
        body = spoken(body, request) * row.get("repeated", 1)
        payload = bytes.fromhex(row["bytes"]) if "bytes" in row else body.encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(payload)), **row.get("headers", {})}
        head = "".join(f"{name}: {spoken(str(value), request)}\r\n" for name, value in headers.items())
        whole = f"HTTP/1.1 {row.get('status', 200)} X\r\n{head}\r\n".encode() + payload
        self.data = row["raw"].encode() if "raw" in row else whole
        self.data = self.data[: len(self.data) - row.get("cut", 0)]
        self.drip, self.silent = row.get("drip", False), row.get("silent", False)


def spoken(text: str, request: bytes) -> str:
    """The text with the request, and the key in it, where it asks for them, as they stand in JSON."""
    key = request.partition(b"uthorization: ")[2].partition(b"\r\n")[0].decode()
    whole = json.dumps(request.partition(b"{")[0].decode("latin-1"))[1:-1]
    return text.replace("<request>", whole).replace("<key>", key.rpartition(" ")[2])


class Hostile:
    """The server.

    Attributes:
        rows: by name; the name is the first part of the path.
        asked: how often each was asked.
        requests: all that was sent to it.
    """

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self.rows, self.asked, self.requests = rows, Counter[str](), list[bytes]()
        self.port, self.over, self.writers = 0, asyncio.Event(), set[asyncio.StreamWriter]()

    def address(self, name: str) -> str:
        """The base of an API that behaves as the row of that name says."""
        return f"http://127.0.0.1:{self.port}/{name}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                request = head + await reader.readexactly(size)
                self.requests.append(request)
                if not await self.answered(request, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answered(self, request: bytes, writer: asyncio.StreamWriter) -> bool:
        """One answer; does the connection stay open?"""
        name = request.split(b"/")[1].decode()
        row = self.rows[name]
        self.asked[name] += 1
        well = self.asked[name] > row.get("times", 1_000_000)
        answer = Answer({"message": WELL} if well else row, request)
        if answer.silent:
            await self.over.wait()
        for piece in [answer.data[at : at + 1] for at in range(len(answer.data))] if answer.drip else [answer.data]:
            writer.write(piece)
            await writer.drain()
            if answer.drip:
                await asyncio.sleep(0.05)
        if row.get("then") == "silence" and not well:
            await self.over.wait()
        return well


@contextmanager
def serving(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Hostile]:
    """The server, on a thread of its own."""
    hostile, loop, ready = Hostile(rows), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(hostile.serve, "127.0.0.1", 0, backlog=500, limit=2**24)
        hostile.port = server.sockets[0].getsockname()[1]
        ready.set()
        await hostile.over.wait()
        server.close()
        for writer in hostile.writers:
            writer.close()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield hostile
    finally:
        loop.call_soon_threadsafe(hostile.over.set)
        thread.join()
        loop.close()


@pytest.fixture(scope="session")
def serving_badly(warm_litellm: None) -> Callable[[Mapping[str, Any]], AbstractContextManager[Hostile]]:
    return serving
