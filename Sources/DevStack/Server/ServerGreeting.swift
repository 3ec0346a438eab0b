import Glibc

/// Waits for the first packet that a server sends to whoever connects to its socket.
///
/// The server executes its start statements before it sends that packet, so it is ready for work then.
struct ServerGreeting {
    enum Outcome { case answered, ended, late }

    let socketPath: String
    let deadline: ContinuousClock.Instant

    /// Returns when the server has answered, when `isRunning` turned false, or at the deadline.
    func wait(while isRunning: () -> Bool) async throws -> Outcome {
        var connection: Int32 = -1
        defer { if connection >= 0 { close(connection) } }
        while true {
            if connection < 0 { connection = connect() }
            switch connection < 0 ? .nothingYet : received(on: connection) {
            case .greeting: return .answered
            case .closed:
                close(connection)
                connection = -1
            case .nothingYet: break
            }
            if !isRunning() { return .ended }
            if ContinuousClock.now >= deadline { return .late }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private enum Reception { case greeting, nothingYet, closed }

    private func received(on connection: Int32) -> Reception {
        var header = [UInt8](repeating: 0, count: 5)
        let count = recv(connection, &header, header.count, Int32(MSG_PEEK | MSG_DONTWAIT))
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return .closed }
        guard count == header.count else { return .nothingYet }
        // Three bytes of length, a sequence number, then the protocol version, or 255 for an error such as
        // "too many connections", which only a server at work reports.
        return header[3] == 0 && (header[4] == 10 || header[4] == 255) ? .greeting : .closed
    }

    private func connect() -> Int32 {
        let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(flags), 0)
        guard descriptor >= 0 else { return -1 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(socketPath.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { path in
            guard bytes.count < path.count else { return false }
            path.copyBytes(from: bytes)
            return true
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { fits ? Glibc.connect(descriptor, $0, size) : -1 }
        }
        guard connected == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }
}
