"""The wire between the browser and the shim, which can be cut: what the browser itself offers for that leaves streams open."""

import socket
import threading


class Wire:
    """Hands bytes on in both directions."""

    def __init__(self, port):
        self.target = port
        self.is_cut = False
        self.ends = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self):
        self.is_cut = True
        for end in list(self.ends):
            self.close(end)

    def mend(self):
        self.is_cut = False

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.target))
            self.ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        except OSError:
            pass  # It was cut, or the other end has gone.
        for end in (source, sink):
            self.close(end)
        self.ends.discard(source)

    @staticmethod
    def close(end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It is closed already.
