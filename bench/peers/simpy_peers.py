"""The two models of peers/models.ts in SimPy, as its documentation writes them.

Usage: simpy_peers.py MODEL COUNT. Prints the seconds of processor time for so many customers or
messages. A message with a latency is a process of its own that puts it into the other's store, as
in SimPy's example "Event Latency"; `timeouts` is the bare minimum of it, a loop of timeouts.
"""

import random
import sys
import time

import simpy

ARRIVAL_MEAN = 1000
SERVICE_MEAN = 800
NODES = 100


def customer(env, server, draw):
    with server.request() as request:
        yield request
        yield env.timeout(draw.expovariate(1 / SERVICE_MEAN))


def queue(env, count):
    draw = random.Random(7)
    server = simpy.Resource(env, capacity=1)
    for _ in range(count):
        env.process(customer(env, server, draw))
        yield env.timeout(draw.expovariate(1 / ARRIVAL_MEAN))


def carry(env, inbox, message, delay):
    yield env.timeout(delay)
    inbox.put(message)


def node(env, inbox, other, draw, left):
    env.process(carry(env, other, "ping", draw.expovariate(1 / 1000)))
    while left[0] > 0:
        message = yield inbox.get()
        left[0] -= 1
        env.process(carry(env, other, message, 10 + draw.expovariate(1 / 1000)))


def ping_pong(env, count):
    draw = random.Random(7)
    left = [count]
    inboxes = [simpy.Store(env) for _ in range(NODES)]
    return [
        env.process(node(env, inboxes[n], inboxes[n ^ 1], draw, left)) for n in range(NODES)
    ]


def token(env, draw, left):
    while left[0] > 0:
        left[0] -= 1
        yield env.timeout(10 + draw.expovariate(1 / 1000))


def timeouts(env, count):
    draw = random.Random(7)
    left = [count]
    return [env.process(token(env, draw, left)) for _ in range(NODES)]


def main():
    model, count = sys.argv[1], int(sys.argv[2])
    env = simpy.Environment()
    if model == "queue":
        env.process(queue(env, count))
    elif model == "ping-pong":
        ping_pong(env, count)
    else:
        timeouts(env, count)
    start = time.process_time()
    env.run()
    print(time.process_time() - start)


main()
