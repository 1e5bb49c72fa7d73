"""Plans a VRPLIB problem with PyVRP and writes its best plan as such plans are published.

Usage: pyvrp_peer.py PROBLEM SECONDS OUT
"""

import sys

import pyvrp
from pyvrp.stop import MaxRuntime


def main(problem: str, seconds: str, out: str) -> None:
    # The distance is cut to one decimal, as the DIMACS challenge counts it; PyVRP counts tenths.
    data = pyvrp.read(problem, round_func="dimacs")
    result = pyvrp.solve(data, stop=MaxRuntime(float(seconds)), seed=1, display=False)
    if not result.is_feasible():
        sys.exit("no legal plan was found")
    with open(out, "w", encoding="utf-8") as file:
        for number, route in enumerate(result.best.routes(), 1):
            # PyVRP counts clients from nil, published plans from one.
            clients = [str(stop.idx + 1) for stop in route if stop.is_client()]
            file.write(f"Route #{number}: {' '.join(clients)}\n")
        file.write(f"Cost {result.cost() / 10:.1f}\n")


main(*sys.argv[1:])
