import Foundation
import Glibc
import Synchronization

/// Passes connections with a port of its own on 127.0.0.1 on to a server, and cuts single ones as a network does.
public final class TCPRelay: Sendable {
    private struct Link {
        var client: Int32
        var server: Int32
        var isMuted = false
        var isCut = false
    }

    public let port: Int
    private let target: UInt16
    private let listener: Int32
    /// By the port from which the server sees the connection come.
    private let links = Mutex<[Int: Link]>([:])
    private let isStopped = Mutex(false)

    /// - Parameter target: the server's port on 127.0.0.1.
    public init(to target: Int) throws {
        self.target = UInt16(target)
        let listener = Self.socket()
        guard Self.withAddress(port: 0, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw POSIXError(.EADDRINUSE)
        }
        self.listener = listener
        port = Self.port(of: listener)
        Thread.detachNewThread { [self] in accept() }
    }

    /// From now on the client of a connection hears nothing from the server any more.
    public func mute(_ port: Int) { links.withLock { $0[port]?.isMuted = true } }

    /// Ends a connection for its client. The server is not told.
    public func cut(_ port: Int) {
        links.withLock { links in
            guard let link = links[port] else { return }
            links[port]?.isCut = true
            shutdown(link.client, Int32(SHUT_RDWR))
        }
    }

    /// Ends all connections for both sides, and takes no more. The listener's number may be another file's afterwards, so it
    /// is touched once only.
    public func stop() {
        let isFirst = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return !isStopped
        }
        guard isFirst else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        links.withLock { links in
            for link in links.values {
                shutdown(link.client, Int32(SHUT_RDWR))
                shutdown(link.server, Int32(SHUT_RDWR))
            }
        }
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client < 0, errno == EINTR { continue }
            guard client >= 0 else { break }
            let server = Self.socket()
            guard Self.withAddress(port: target, { connect(server, $0, $1) }) == 0 else {
                close(server)
                close(client)
                continue
            }
            let key = Self.port(of: server)
            links.withLock { $0[key] = Link(client: client, server: server) }
            let ends = DispatchGroup()
            let isOpen: @Sendable () -> Bool = { [self] in links.withLock { $0[key]?.isCut == false } }
            pass(from: client, to: server, ends, while: { true }, closing: isOpen)
            pass(from: server, to: client, ends) { [self] in
                links.withLock { $0[key]?.isMuted == false }
            } closing: {
                true
            }
            ends.notify(queue: .global()) { [self] in
                links.withLock { $0[key] = nil }
                close(client)
                close(server)
            }
        }
        close(listener)
    }

    /// What the receiver is not to hear, or does not take any more, is thrown away: the sender does not notice it.
    private func pass(
        from sender: Int32, to receiver: Int32, _ ends: DispatchGroup, while isHeard: @escaping @Sendable () -> Bool,
        closing isClosing: @escaping @Sendable () -> Bool
    ) {
        ends.enter()
        Thread.detachNewThread {
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(sender, &piece, piece.count, 0)
                guard count > 0 else { break }
                var sent = 0
                while isHeard(), sent < count {
                    let more = piece[sent..<count].withUnsafeBytes {
                        send(receiver, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard more > 0 else { break }
                    sent += more
                }
            }
            if isClosing() { shutdown(receiver, Int32(SHUT_WR)) }
            ends.leave()
        }
    }

    private static func socket() -> Int32 {
        Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func withAddress(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
