import Foundation

/// GET requests to a shim, without TLS: it is asked where it listens, behind whatever ends TLS for it.
struct HTTPProbe: Sendable, Equatable {
    struct Answer: Sendable, Equatable {
        let status: Int
        let body: [UInt8]
    }

    /// Nobody answered, or not in HTTP.
    struct Failure: Error, Equatable {
        let reason: String
        /// The machine answered that nobody listens there.
        var isRefused = false
    }

    /// More than any answer of a shim has.
    private static let maximumBytes = 1 << 20

    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil for anything but `http://HOST[:PORT]`, with or without a slash at its end.
    init?(url: String) {
        guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host, !host.isEmpty,
            ["", "/"].contains(parts.path), parts.query == nil
        else { return nil }
        self.init(host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: parts.port ?? 80)
    }

    /// Where a shim with those settings is reached from its own machine.
    init(localTo server: ServerSettings) {
        let anywhere = ["0.0.0.0": "127.0.0.1", "::": "::1"]
        self.init(host: anywhere[server.host] ?? server.host, port: server.port)
    }

    /// `host:port`.
    var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// - Parameter limit: how long connecting, sending and each wait for an answer may take.
    /// - Throws: ``Failure``.
    func get(_ path: String, limit: Duration = .seconds(5)) async throws -> Answer {
        try await BlockingCall.run {
            let descriptor = try connected(limit)
            defer { close(descriptor) }
            let lines = ["GET \(path) HTTP/1.1", "Host: \(place)", "Accept: application/json", "Connection: close"]
            let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
                throw systemFailure("sending to")
            }
            return try answer(receiveAll(descriptor))
        }
    }

    private func connected(_ limit: Duration) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0, let found else {
            throw Failure(reason: "\(host) is not known: \(String(cString: gai_strerror(code)).lowercased())")
        }
        defer { freeaddrinfo(found) }
        var failure = Failure(reason: "\(place) has no address")
        for entry in sequence(first: found, next: { $0.pointee.ai_next }) {
            let descriptor = socket(entry.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { continue }
            var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
            if connect(descriptor, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 { return descriptor }
            failure = systemFailure("connecting to")
            close(descriptor)
        }
        throw failure
    }

    private func receiveAll(_ descriptor: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < Self.maximumBytes {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemFailure("waiting for") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private func answer(_ bytes: [UInt8]) throws -> Answer {
        let head = String(decoding: bytes.prefix(64), as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard head.count > 1, head[0].hasPrefix("HTTP/1."), let status = Int(head[1]) else {
            throw Failure(reason: "\(place) does not speak HTTP")
        }
        let end = Array("\r\n\r\n".utf8)
        let body = bytes.indices.first { bytes[$0...].starts(with: end) }.map { Array(bytes[($0 + end.count)...]) }
        return Answer(status: status, body: body ?? [])
    }

    private func systemFailure(_ what: String) -> Failure {
        let number = errno
        let isLate = number == EAGAIN || number == EINPROGRESS
        return Failure(
            reason: "\(what) \(place): "
                + (isLate ? "no answer in time" : String(cString: strerror(number)).lowercased()),
            isRefused: number == ECONNREFUSED)
    }
}
