import Glibc

/// Ports of 127.0.0.1 that nobody listens on.
public enum FreePort {
    /// Chosen from here, because the kernel takes the ports of outgoing connections from 32768 upwards: one of those
    /// could not be relied on at the next start.
    private static let candidates: Range<UInt16> = 20_000..<32_000

    /// A port that can be listened on now.
    ///
    /// - Parameter preferred: taken if it is free.
    /// - Throws: `DevStackError` with code `no_free_port`.
    public static func find(preferred: UInt16? = nil) throws -> UInt16 {
        if let preferred, isFree(preferred) { return preferred }
        for _ in 0..<200 {
            let port = UInt16.random(in: candidates)
            if isFree(port) { return port }
        }
        throw DevStackError(.noFreePort, "no free port on 127.0.0.1", hint: "stop programs that hold ports")
    }

    /// True when a server could listen on that port of 127.0.0.1 now.
    public static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Connections of a server that has just ended linger on its port; they do not hinder the next server.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        return bound == 0 && listen(descriptor, 1) == 0
    }
}
