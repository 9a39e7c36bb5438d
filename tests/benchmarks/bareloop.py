"""LiteLLM in a loop, and nothing else: python bareloop.py PORT CALLS AT_ONCE FILE

The file holds requests, a list of JSON; they are asked one after the other, so many at the same time.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
import litellm

PORT, CALLS, AT_ONCE = map(int, sys.argv[1:4])
REQUESTS = json.loads(Path(sys.argv[4]).read_bytes())
litellm.suppress_debug_info = True


async def main() -> None:
    numbers = iter(range(CALLS))

    async def ask() -> None:
        for number in numbers:
            asked = REQUESTS[number % len(REQUESTS)]
            await litellm.acompletion(
                model="openai/test",
                messages=asked["messages"],
                tools=asked["tools"],
                api_base=f"http://127.0.0.1:{PORT}/v1",
                api_key="sk-0123456789abcdefghij",
                max_retries=0,
                num_retries=0,
                timeout=120,
            )

    await asyncio.gather(*[ask() for _ in range(AT_ONCE)])


asyncio.run(main())
