"""A small load from separate processes over kept connections to 127.0.0.1, bounded in time; it counts only what was accepted."""

import http.client
import json
import multiprocessing
import random
import time
import uuid
from urllib.parse import urlsplit

WEST, SOUTH = 113.7002, 34.7199
CLIENTS = 2
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def item(dice: random.Random) -> dict:
    """One report inside the small district of the tests."""
    return {
        "client_id": str(uuid.uuid4()),
        "class_code": "O02",
        "lon": round(WEST + dice.random() * 0.003, 6),
        "lat": round(SOUTH + dice.random() * 0.0002, 6),
        "place": "柳荫路门前",
        "comment": "三张餐桌摆出店外，占用人行道，行人只能走到车行道上。",
    }


def _client(url: str, batch: int, seconds: float, seed: int, queue) -> None:
    dice = random.Random(seed)
    place = urlsplit(url)
    path = "/api/v1/reports:batch" if batch > 1 else "/api/v1/reports"
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    accepted, delays = 0, []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        body = json.dumps({"items": [item(dice) for _ in range(batch)]} if batch > 1 else item(dice), ensure_ascii=False).encode()
        start = time.perf_counter()
        link.request("POST", path, body, HEADERS)
        answer = link.getresponse()
        data = answer.read()
        delays.append(time.perf_counter() - start)
        if batch > 1:
            accepted += sum(result["status"] == "accepted" for result in json.loads(data)["results"])
        else:
            accepted += answer.status == 201
    queue.put((accepted, delays))


def accepted_per_second(url: str, *, batch: int, seconds: float, clients: int = CLIENTS) -> tuple[float, list[float]]:
    """Reports accepted per second by all clients together, and every delay in seconds."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    start = time.perf_counter()
    children = [context.Process(target=_client, args=(url, batch, seconds, seed, queue)) for seed in range(clients)]
    for child in children:
        child.start()
    answers = [queue.get(timeout=seconds + 120) for _ in children]
    for child in children:
        child.join()
    spent = min(seconds, time.perf_counter() - start)
    return sum(count for count, _ in answers) / spent, [delay for _, delays in answers for delay in delays]


def page_delays(url: str, path: str, cookie: str, *, times: int) -> list[float]:
    """Seconds of each of many requests for one page by one logged-in person."""
    place = urlsplit(url)
    link = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    delays = []
    for _ in range(times):
        start = time.perf_counter()
        link.request("GET", path, headers={"Cookie": cookie})
        answer = link.getresponse()
        answer.read()
        delays.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    return delays
