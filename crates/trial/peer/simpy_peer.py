"""The public reference beside `almoner simulate`: SimPy, with the two models of the benchmark.

    python simpy_peer.py mm20 [ARRIVALS]
    python simpy_peer.py discharge [REPLICATIONS]

Prints one line of JSON: processor seconds (user and system) of the runs, events (arrivals, moves
and departures), and the figures to compare. Written the way SimPy's own documentation writes a
queue: a process for each person, a `Resource` for each station.
"""

import json
import math
import random
import resource
import sys

import simpy

WEEK = [112, 108, 106, 104, 104, 84, 82]
PATHWAYS = [(238, 21.0), (86, 28.0), (72, 35.0)]
DAYS, WARM_UP = 1095, 90


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def mm20(arrivals):
    env, chance = simpy.Environment(), random.Random(1)
    desk = simpy.Resource(env, 20)
    waits = [0.0]

    def person():
        came = env.now
        with desk.request() as place:
            yield place
            waits[0] += env.now - came
            yield env.timeout(chance.expovariate(1.0))

    def source():
        for _ in range(arrivals):
            yield env.timeout(chance.expovariate(18.0))
            env.process(person())

    env.process(source())
    env.run()
    return 2 * arrivals, {"wait": waits[0] / arrivals}


def stay(chance, mean, sigma):
    return chance.lognormvariate(math.log(mean) - sigma * sigma / 2, sigma)


def discharge(seed):
    env, chance = simpy.Environment(), random.Random(seed)
    hospital = simpy.Resource(env, 600)
    pathways = [simpy.Resource(env, places) for places, _ in PATHWAYS]
    count = {"events": 0, "occupied": 0.0, "blocked": 0.0, "waited": 0.0, "started": 0}

    def inside(start, end):
        return max(0.0, min(end, DAYS) - max(start, WARM_UP))

    def person():
        came = env.now
        count["events"] += 1
        bed = hospital.request()
        yield bed
        start = env.now
        if start >= WARM_UP:
            count["waited"] += start - came
            count["started"] += 1
        yield env.timeout(stay(chance, 5.2, 1.0))
        ready = env.now
        way = chance.random()
        count["events"] += 1
        if way < 0.84:
            hospital.release(bed)
            count["occupied"] += inside(start, env.now)
            return
        at = 0 if way < 0.95 else 1 if way < 0.98 else 2
        place = pathways[at].request()
        yield place
        hospital.release(bed)
        count["occupied"] += inside(start, env.now)
        count["blocked"] += inside(ready, env.now)
        yield env.timeout(stay(chance, PATHWAYS[at][1], 0.7))
        pathways[at].release(place)
        count["events"] += 1

    def source():
        for day in range(DAYS):
            time = float(day)
            while True:
                time += chance.expovariate(WEEK[day % 7])
                if time >= day + 1:
                    break
                yield env.timeout(time - env.now)
                env.process(person())
            yield env.timeout(day + 1 - env.now)

    env.process(source())
    env.run(until=DAYS)
    days = DAYS - WARM_UP
    return count["events"], {
        "occupied": count["occupied"] / days,
        "blocked": count["blocked"] / days,
        "wait_hours": 24 * count["waited"] / count["started"],
    }


def main():
    kind, number = sys.argv[1], int(sys.argv[2])
    began, events, figures = cpu(), 0, []
    if kind == "mm20":
        events, found = mm20(number)
        figures.append(found)
    else:
        for seed in range(number):
            own, found = discharge(seed)
            events += own
            figures.append(found)
    means = {name: sum(one[name] for one in figures) / len(figures) for name in figures[0]}
    print(json.dumps({"cpu_seconds": cpu() - began, "events": events, **means}))


main()
