"""The listening socket: loopback only, and gone at once when it is closed."""

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_LOOPBACK = "127.0.0.1"


class LoopbackServer(ThreadingHTTPServer):
    """Serves each connection in a thread, and ends them all when it is closed.

    Attributes:
        closing: set when it is closed; whatever waits, waits for this.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        """Listen on `port`; 0 is any free one."""
        super().__init__((_LOOPBACK, port), handler)
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection, and remember it."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up; show everything else."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening and end all connections; call it from another thread than the server's."""
        self.closing.set()
        self.shutdown()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            hang_up(connection)
        self.server_close()


def hang_up(connection: socket.socket) -> None:
    """End a connection in good order."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
