"""annotator: mark the claims of news articles, settle the reviewers' differences, export one labelled dataset.

`create_app()` is the table of contents of the web application.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.collector import resting

with resting():
    from flask import Flask

    from annotator import api, cli, config, paths, routing, security, templating, views
    from annotator.db import connect


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application of one installation; `overrides` are settings by their names in `Config`.

    Raises Misconfigured for wrong settings and when there is no secret key ('annotator init' makes one).
    """
    settings = config.load(overrides)
    static = paths.static_folder()
    app = routing.App(
        __name__,
        instance_path=str(settings.instance),
        template_folder=str(paths.templates_folder()),
        static_folder=str(static),
        static_url_path=f"/static/{templating.stamp_of(static)}",
    )
    app.extensions["annotator"] = settings
    connect(app, settings.database(), busy_seconds=settings.busy_seconds)
    security.init_app(app, settings)
    templating.init_app(app)
    views.register(app)
    api.register(app)
    cli.register(app)
    return app
