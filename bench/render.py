"""One edition of the tests' kind rendered whole: templates, MJML, text. Beside it the official MJML under node,
on the same source, when it is installed (`npm install mjml`)."""

import json
import shutil
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from digest import mjml, render
from digest.samples import sample_edition

ROUNDS = 30
NODE = """
const load = async () => { try { return require('mjml') } catch { return (await import('mjml')).default } };
const fs = require('fs');
(async () => {
  const mjml = await load(); const convert = mjml.default || mjml;
  const source = fs.readFileSync(0, 'utf8'); const taken = [];
  for (let n = 0; n < 31; n++) { const t = process.hrtime.bigint(); await convert(source);
    if (n) taken.push(Number(process.hrtime.bigint() - t) / 1e9); }
  taken.sort((a, b) => a - b); console.log(JSON.stringify(taken[15]));
})().catch(() => process.exit(3));
"""


def run() -> dict[str, Any]:
    content = edition_of(7)
    source = render.fill("email/digest/body.mjml", render.clean(content))
    figures: dict[str, Any] = {
        "edition whole (templates, MJML, text), s": median(lambda: render.render_digest(content)),
        "MJML to HTML, ours, s": median(lambda: mjml.to_html(source)),
        "HTML, bytes (seven comparisons)": len(render.render_digest(content).html.encode()),
    }
    official = node_seconds(source)
    if official is None:
        return figures | {"MJML to HTML, node": "not installed here: npm install mjml"}
    return figures | {"MJML to HTML, node, s": official, "ratio": figures["MJML to HTML, ours, s"] / official}


def edition_of(entries: int) -> dict[str, Any]:
    content = sample_edition()
    first = content["entries"][0]
    content["entries"] = [first | {"position": n, "slug": f"a-vs-b-{n}"} for n in range(1, entries + 1)]
    return content


def median(work: Any) -> float:
    taken = []
    for number in range(ROUNDS + 1):
        began = time.perf_counter()
        work()
        if number:
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def node_seconds(source: str) -> float | None:
    node = shutil.which("node")
    if node is None:
        return None
    done = subprocess.run(
        [node, "-e", NODE], input=source, capture_output=True, text=True, cwd=Path(__file__).parent, timeout=120
    )
    return float(json.loads(done.stdout)) if done.returncode == 0 else None
