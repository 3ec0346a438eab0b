import Foundation
import Glibc
import Synchronization

/// A small HTTP server on a port of its own, which remembers what it was asked and answers what it is told to.
public final class LocalHTTPServer: Sendable {
    /// What it was asked.
    public struct Request: Sendable, Equatable {
        public let method: String
        /// The path with its query.
        public let target: String
        public let body: String

        public init(method: String, target: String, body: String) {
            self.method = method
            self.target = target
            self.body = body
        }
    }

    /// How it answers.
    public enum Answer: Sendable {
        case status(Int)
        /// The connection is closed without a word.
        case nothing
        /// The connection stays open without a word, until the server stops.
        case silence
    }

    private struct State {
        var requests: [Request] = []
        var answers: [Answer] = []
        var held: [Int32] = []
    }

    public let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    public var requests: [Request] { state.withLock(\.requests) }

    /// - Parameter answers: to the first requests; all others get 200.
    public init(_ answers: [Answer] = []) throws {
        state = Mutex(State(answers: answers))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue(label: "http").async { [self] in serve() }
    }

    /// Ends it; whoever still waits for an answer is cut off.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            state.held.forEach { close($0) }
            state.held = []
        }
    }

    public func url(_ target: String) -> String { "http://127.0.0.1:\(port)\(target)" }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0, errno == EINTR { continue }
            guard connection >= 0 else { break }
            answer(connection)
        }
        close(listener)
    }

    private func answer(_ connection: Int32) {
        guard let request = read(connection) else {
            close(connection)
            return
        }
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? Answer.status(200) : state.answers.removeFirst()
        }
        switch answer {
        case .status(let status):
            let text = "HTTP/1.1 \(status) Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
            close(connection)
        case .nothing: close(connection)
        case .silence: state.withLock { $0.held.append(connection) }
        }
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let request = Self.request(bytes) { return request }
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
    }

    /// Nil while a part of it is missing.
    private static func request(_ bytes: [UInt8]) -> Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        let body = bytes[end.upperBound...]
        let words = (lines.first ?? "").split(separator: " ")
        guard body.count >= length ?? 0, words.count > 1 else { return nil }
        return Request(
            method: String(words[0]), target: String(words[1]), body: String(decoding: body, as: UTF8.self))
    }
}
