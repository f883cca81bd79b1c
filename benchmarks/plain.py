"""What `crawl` is measured beside: httpx and BeautifulSoup, that fetch, parse and follow links, and look at nothing.

`python -m benchmarks.plain URL PARSER CONCURRENCY` prints how many pages it had. The short crawler that a tutorial ends with.
"""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup


async def crawl(start: str, parser: str, concurrency: int) -> int:
    """Every page of the start's host, each once."""
    host = urlsplit(start).netloc
    known = {start}
    waiting: asyncio.Queue[str] = asyncio.Queue()
    waiting.put_nowait(start)
    pages = 0

    async def work(client: httpx.AsyncClient) -> None:
        nonlocal pages
        while True:
            url = await waiting.get()
            try:
                answer = await client.get(url)
                if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                    pages += 1
                    for link in BeautifulSoup(answer.content, parser).find_all("a", href=True):
                        found = urldefrag(urljoin(url, str(link["href"]))).url
                        if urlsplit(found).netloc == host and found not in known:
                            known.add(found)
                            waiting.put_nowait(found)
            finally:
                waiting.task_done()

    async with httpx.AsyncClient(timeout=60.0) as client:
        workers = [asyncio.create_task(work(client)) for _ in range(concurrency)]
        await waiting.join()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return pages


if __name__ == "__main__":
    print(asyncio.run(crawl(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
