import Foundation
import Glibc

/// An HTTP connection over a blocking socket, on a thread of its own: tests can have hundreds of them, and know what was
/// sent when.
public final class PlainHTTP {
    /// What came back.
    public struct Answer: Sendable {
        public var status: Int
        /// In small letters.
        public var headers: [String: String]
        /// When the request had been handed to the kernel, and how long all took.
        public var sent: ContinuousClock.Instant
        public var seconds: Double
    }

    /// No whole answer came.
    public struct NoAnswer: Error {
        /// Nil when the request could not be sent: nobody may count on an answer then.
        public var sent: ContinuousClock.Instant?
    }

    private let port: UInt16
    private var descriptor: Int32 = -1

    public init(port: UInt16) { self.port = port }

    deinit { close() }

    /// Sends a request and waits for its answer, on a connection that is kept for the next one.
    public func get(_ path: String, token: String? = nil, limit: Int = 60) throws(NoAnswer) -> Answer {
        if descriptor < 0 { try connect(limit) }
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let began = ContinuousClock.now
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(authorization)\r\n"
        guard Glibc.send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count else {
            close()
            throw NoAnswer(sent: nil)
        }
        let sent = ContinuousClock.now
        guard let head = readHead() else {
            close()
            throw NoAnswer(sent: sent)
        }
        let took = ContinuousClock.now - began
        if head.headers["connection"]?.lowercased() == "close" { close() }
        return Answer(
            status: head.status, headers: head.headers, sent: sent,
            seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
    }

    /// Sends bytes as they are.
    /// - Returns: the status of the answer; nil where the connection was closed without one.
    public func status(ofBytes bytes: [UInt8], limit: Int = 60) -> Int? {
        guard (try? connect(limit)) != nil else { return nil }
        defer { close() }
        write(bytes)
        return readHead()?.status
    }

    /// Sends bytes as they are.
    /// - Returns: everything that comes until the other end closes the connection.
    public func text(ofBytes bytes: [UInt8], limit: Int = 60) -> String {
        guard (try? connect(limit)) != nil else { return "" }
        defer { close() }
        write(bytes)
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += piece[..<count]
        }
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        // What is refused may be refused before it has been taken whole.
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
    }

    /// Runs `body` on `count` threads of their own and collects what they return.
    public static func onThreads<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) -> Value
    ) async -> [Value] {
        await withTaskGroup(of: Value.self) { group in
            for number in 0..<count {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        let thread = Thread { continuation.resume(returning: body(number)) }
                        thread.stackSize = 256 << 10
                        thread.start()
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func connect(_ limit: Int) throws(NoAnswer) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var time = timeval(tv_sec: limit, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close()
            throw NoAnswer(sent: nil)
        }
    }

    private func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Reads one answer with a Content-Length, and drops its body.
    private func readHead() -> (status: Int, headers: [String: String])? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece[..<count]
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            let length = headers["content-length"].flatMap(Int.init) ?? 0
            if bytes.count - end.upperBound < length { continue }
            let words = (lines.first ?? "").split(separator: " ")
            return words.count > 1 ? Int(words[1]).map { ($0, headers) } : nil
        }
    }
}
