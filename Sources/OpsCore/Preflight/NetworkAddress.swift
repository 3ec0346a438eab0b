import Foundation

/// An address of this machine.
struct NetworkAddress: Sendable, Equatable, Hashable {
    /// Without scope.
    let text: String

    init(_ text: String) { self.text = String(text.prefix { $0 != "%" }) }

    var isLoopback: Bool { text == "::1" || Self.isWithin(text, "127.0.0.0/8") }

    /// Not routed on the internet.
    var isPrivate: Bool {
        isLoopback
            || [
                "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7",
                "fe80::/10",
            ]
            .contains { Self.isWithin(text, $0) }
    }

    /// The addresses at which a server is reached that listens on `host`.
    /// - Throws: ``CheckNotPossible`` for a name without an address.
    static func listening(on host: String) throws -> [NetworkAddress] {
        host == "0.0.0.0" || host == "::" ? ofMachine() : try resolve(host)
    }

    private static func ofMachine() -> [NetworkAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0, let first else { return [] }
        defer { freeifaddrs(first) }
        return sequence(first: first, next: { $0.pointee.ifa_next }).compactMap { entry in
            guard let address = entry.pointee.ifa_addr else { return nil }
            switch Int32(address.pointee.sa_family) {
            case AF_INET: return numeric(address, MemoryLayout<sockaddr_in>.size)
            case AF_INET6: return numeric(address, MemoryLayout<sockaddr_in6>.size)
            default: return nil
            }
        }
    }

    private static func resolve(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0, let found else {
            throw CheckNotPossible(
                "API_HOST = \(host) has no address", remedy: "give API_HOST an address of this machine")
        }
        defer { freeaddrinfo(found) }
        return sequence(first: found, next: { $0.pointee.ai_next }).compactMap { entry in
            entry.pointee.ai_addr.flatMap { numeric($0, Int(entry.pointee.ai_addrlen)) }
        }
    }

    private static func numeric(_ address: UnsafePointer<sockaddr>, _ size: Int) -> NetworkAddress? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(address, socklen_t(size), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
        else { return nil }
        return NetworkAddress(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    private static func isWithin(_ address: String, _ network: String) -> Bool {
        IPNetwork(network)?.contains(address) ?? false
    }
}
