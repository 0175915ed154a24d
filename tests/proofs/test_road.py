"""The road on which the proofs of saving meet their faults does what its faults are called, and no more."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.faults import Fault, Road

SAVE = b"PUT /api/v1/annotations/00000000-0000-0000-0000-000000000001 HTTP/1.1\r\nHost: road\r\n\r\n"


@pytest.mark.parametrize("healed", [False, True])
def test_a_fault_that_is_just_being_met_does_not_close_a_road_that_was_healed(healed: bool) -> None:
    road = Road()
    road.faults.append(Fault.OFFLINE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        road.server = f"http://127.0.0.1:{server.getsockname()[1]}"
        with socket.create_connection(("127.0.0.1", int(urlsplit(road.address).port or 0))) as browser:
            browser.sendall(SAVE)
            arrived, _ = server.accept()
            if healed:
                road.heal()
            arrived.close()
            assert browser.recv(1) == b""
        road.quiet()
    road.close()
    assert road.closed is not healed
