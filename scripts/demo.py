"""Serve the example site on a free port of this machine and scan it; arguments are handed to `auditor scan`."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "fixtures" / "sites" / "harbor-lane"
ADDRESS = b"https://harbor-lane.example"
"""What the site calls itself; replaced by where it is served, or every page would name another host as its own."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        kind = TYPES.get(file.suffix)
        if kind is None or not file.is_file():
            self.send_error(404)
            return
        body = file.read_bytes().replace(ADDRESS, b"http://" + self.headers.get("Host", "").encode("latin-1"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> int:
    """Scan the served site; findings are what it is for, so they are no error."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(SITE)))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    options = ["--allow-private", "--rate", "0", "--fail-on", "never", *sys.argv[1:]]
    print(f"Scanning the example site in {SITE.relative_to(ROOT)}, served at {address}", file=sys.stderr)
    try:
        return subprocess.run([sys.executable, "-m", "auditor", "scan", address, *options], check=False).returncode  # noqa: S603
    finally:
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
