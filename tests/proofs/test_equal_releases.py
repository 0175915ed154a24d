"""Two exports of a release are equal byte for byte, whichever process makes them, in whichever time zone, locale and hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from flask import Flask

from tests.services.test_releases import finished, release
from tests.support.desk import Desk

PROGRAM = """
import hashlib, json, sys
from annotator import create_app
from annotator.formats import catalogue, writing
from annotator.formats.records import Losses
from annotator.services import datasets, projects, releases

app = create_app({"instance": sys.argv[1], "database_url": sys.argv[2], "secret_key": "k" * 40})
found = {}
with app.app_context():
    project = projects.by_slug("truce")
    for layer in datasets.LAYERS:
        for name in catalogue.formats_of(layer):
            frozen = releases.find(project, "1.0.0")
            export = releases.export(frozen, project, layer, base_url="https://annotator.example.org")
            content = b"".join(writing.write_export(export, name, Losses()))
            found[f"{layer} {name}"] = hashlib.sha256(content).hexdigest()
print(json.dumps(found))
"""


def hashes(app: Flask, url: str, **environment: str) -> dict[str, str]:
    command = [sys.executable, "-c", PROGRAM, app.instance_path, url]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_release_is_the_same_bytes_in_every_process(app: Flask, database_url: str) -> None:
    desk = Desk(app)
    finished(desk)
    finished(desk, "Later they spoke of a complete ceasefire — «שלום» 👩‍👧 — again.", "disputed")
    release(desk, "1.0.0")
    one = hashes(app, database_url, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    other = hashes(app, database_url, TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")
    assert len(one) > 30
    assert {name for name in one if one[name] != other[name]} == set()
