import Foundation

/// An IPv4 or IPv6 network such as `10.0.0.0/8`; a single address is a network of one.
public struct IPNetwork: Sendable, Equatable {
    /// 4 or 16 bytes, those behind the prefix zero.
    public let address: [UInt8]
    /// The number of leading bits that count.
    public let prefixLength: Int

    /// Reads `address` or `address/prefix`; nil when it is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let bytes = Self.bytes(of: parts[0]) else { return nil }
        let bits = bytes.count * 8
        guard parts.count == 1 || parts[1].allSatisfy(\.isWholeNumber) else { return nil }
        guard let length = parts.count == 1 ? bits : Int(parts[1]), (0...bits).contains(length) else { return nil }
        address = Self.masked(bytes, to: length)
        prefixLength = length
    }

    /// Whether an address lies in this network. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    public func contains(_ text: String) -> Bool {
        guard var bytes = Self.bytes(of: text) else { return false }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        if bytes.count == 16, address.count == 4, bytes.starts(with: mapped) { bytes = Array(bytes.suffix(4)) }
        return bytes.count == address.count && Self.masked(bytes, to: prefixLength) == address
    }

    private static func bytes(of text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    private static func masked(_ bytes: [UInt8], to length: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, length - index * 8))
            return byte & ~(UInt8.max >> kept)
        }
    }
}
