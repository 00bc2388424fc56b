"""Draw the shapes of the map of activities anew: one SVG path for each state around Europe, from Natural Earth.

A maintainer runs it: `python tools/shapes.py` fetches the version below with `npm pack`, checks its digest and writes
ilex/programme/data/map/shapes.json. Nobody needs npm to install or run Ilex. The source draws who holds the land; our
map draws borders as the United Nations see them: Crimea with Ukraine (General Assembly, resolution 68/262), Cyprus
whole (Security Council, resolution 541). Kosovo is drawn apart and carries its footnote wherever it is named.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from math import cos, radians
from pathlib import Path
from typing import Any

PACKAGE = "world-atlas@2.0.2"  # ISC; the shapes are of Natural Earth, which is in the public domain
DIGEST = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"  # SHA-256 of its countries-50m.json
TO = Path(__file__).resolve().parent.parent / "ilex" / "programme" / "data" / "map" / "shapes.json"
WEST, EAST, SOUTH, NORTH, WIDE = -11.0, 63.0, 34.0, 66.0, 1000
ACROSS = -100.0  # what lies further west is drawn in the far east, so that no line runs over the whole sheet
BEYOND = 3.0  # degrees outside the frame to which what lies further is drawn in

# ISO 3166-1: the source has the numbers, our directory the letters.
NUMBERS = """
008 AL  020 AD  031 AZ  040 AT  051 AM  056 BE  070 BA  100 BG  112 BY  191 HR  196 CY  203 CZ
208 DK  233 EE  246 FI  250 FR  268 GE  276 DE  300 GR  348 HU  352 IS  364 IR  368 IQ  372 IE
376 IL  380 IT  398 KZ  417 KG  422 LB  428 LV  438 LI  440 LT  442 LU  470 MT  492 MC  498 MD
499 ME  504 MA  012 DZ  788 TN  434 LY  818 EG  528 NL  578 NO  616 PL  620 PT  642 RO  643 RU
674 SM  688 RS  703 SK  705 SI  724 ES  752 SE  756 CH  760 SY  762 TJ  792 TR  795 TM  804 UA
807 MK  826 GB  860 UZ  004 AF  400 JO  682 SA
"""
CODES = dict(re.findall("([0-9]{3}) ([A-Z]{2})", NUMBERS))
NAMED = {"Kosovo": "XK"}  # without a number in ISO 3166
GIVEN_BACK = (("Russia", "Ukraine"), ("N. Cyprus", "Cyprus"))  # the land of the first that hangs on the second alone

Point = tuple[float, float]


def fetched() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=place, check=True)  # noqa: S603, S607
        [archive] = Path(place).glob("*.tgz")
        with tarfile.open(archive) as files:
            member = files.extractfile("package/countries-50m.json")
            text = member.read() if member else b""
    if hashlib.sha256(text).hexdigest() != DIGEST:
        raise SystemExit(f"{PACKAGE} is not the one that this tool names.")
    topology: dict[str, Any] = json.loads(text)
    return topology


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The lines of the source in degrees: it writes whole numbers, each as the step from the one before."""
    (wide, high), (left, below) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            lon = x * wide + left
            line.append((lon + 360 if lon < ACROSS else lon, y * high + below))
        arcs.append(line)
    return arcs


def as_recognised(geometries: list[dict[str, Any]]) -> None:
    """Give land back: the line between the two goes away, and the rest of the piece's outline takes its place."""
    for geometry in geometries:
        if geometry["type"] == "Polygon":
            geometry["type"], geometry["arcs"] = "MultiPolygon", [geometry["arcs"]]
    named = {one["properties"]["name"]: one["arcs"] for one in geometries}
    lines = Counter(max(n, ~n) for arcs in named.values() for polygon in arcs for ring in polygon for n in ring)
    for holder, owner in GIVEN_BACK:
        for home in (ring for polygon in named[owner] for ring in polygon):
            for piece in [polygon for polygon in named[holder] if len(polygon) == 1]:
                shared = [n for n in piece[0] if lines[max(n, ~n)] > 1]
                if len(shared) == 1 and ~shared[0] in home:
                    at, to = piece[0].index(shared[0]), home.index(~shared[0])
                    home[to : to + 1] = piece[0][at + 1 :] + piece[0][:at]
                    named[holder].remove(piece)


def rings_of(geometry: dict[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    for polygon in geometry["arcs"]:
        for ring in polygon:
            points: list[Point] = []
            for number in ring:
                line = arcs[number] if number >= 0 else arcs[~number][::-1]
                points += line[1:] if points else line
            yield points


def drawn(ring: Sequence[Point]) -> list[tuple[int, int]]:
    """On the sheet, to the point; what lies outside the frame is drawn to its edge. Empty when all of it does."""
    if not any(WEST <= lon <= EAST and SOUTH <= lat <= NORTH for lon, lat in ring):
        return []
    scale = WIDE / (EAST - WEST)
    high = scale / cos(radians(50))
    sheet: list[tuple[int, int]] = []
    for lon, lat in ring:
        lon, lat = min(max(lon, WEST - BEYOND), EAST + BEYOND), min(max(lat, SOUTH - BEYOND), NORTH + BEYOND)
        point = round((lon - WEST) * scale), round((NORTH - lat) * high)
        if not sheet or sheet[-1] != point:
            sheet.append(point)
    return sheet if len(sheet) > 3 else []


def area(ring: Sequence[tuple[int, int]]) -> float:
    return abs(sum(a * d - c * b for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def middle(ring: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The middle of what is seen of it."""
    seen = [(x, y) for x, y in ring if 0 <= x <= WIDE and 0 <= y <= height()] or list(ring)
    xs, ys = [x for x, _y in seen], [y for _x, y in seen]
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


def height() -> int:
    return round((NORTH - SOUTH) * WIDE / (EAST - WEST) / cos(radians(50)))


def main() -> None:
    topology = fetched()
    arcs = arcs_of(topology)
    shapes = []
    as_recognised(topology["objects"]["countries"]["geometries"])
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = [sheet for ring in rings_of(geometry, arcs) if (sheet := drawn(ring))]
        if not rings:
            continue
        code = CODES.get(geometry.get("id", ""), NAMED.get(geometry["properties"]["name"], ""))
        path = "".join("M" + " ".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        x, y = middle(max(rings, key=area))
        shapes.append({"code": code, "x": x, "y": y, "path": path})
    shapes.sort(key=lambda one: (one["code"], one["path"]))
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in shapes)
    head = f'"source":"Natural Earth 1:50m by {PACKAGE}","wide":{WIDE},"high":{height()}'
    TO.write_text(f'{{{head},"shapes":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
