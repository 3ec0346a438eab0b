import Foundation
import HTTPTypes
import Hummingbird
import OpsCore

/// Who a request comes from, for counting: an IPv4 address, or the /64 network of an IPv6 one, which is what one customer
/// of a provider has.
struct ClientAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// An address as it is written; nil when it is none.
    init?(_ text: String) {
        guard let network = IPNetwork(Self.bare(text)), network.prefixLength == network.address.count * 8 else {
            return nil
        }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        bytes =
            switch network.address {
            case let address where address.count == 4: address
            case let address where address.starts(with: mapped): Array(address.suffix(4))
            case let address: Array(address.prefix(8))
            }
    }

    /// The address of the rightmost hop that is not a trusted proxy, else of the peer. A peer that is no trusted proxy is
    /// itself that hop: what it says of others can be made up.
    static func hop(peer: String?, forwardedFor: String?, trusting proxies: [IPNetwork]) -> String? {
        guard let peer else { return nil }
        let isTrusted = { (hop: String) in proxies.contains { $0.contains(hop) } }
        guard isTrusted(bare(peer)) else { return bare(peer) }
        let hops = (forwardedFor ?? "").split(separator: ",").map { bare(String($0)) }
        // A hop that is no address was not written by a proxy of ours.
        guard let client = hops.last(where: { !isTrusted($0) }), ClientAddress(client) != nil else { return bare(peer) }
        return client
    }

    /// Without spaces, brackets, port and zone.
    private static func bare(_ text: String) -> String {
        var text = text.trimmingCharacters(in: .whitespaces)[...]
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.count(where: { $0 == ":" }) == 1 {
            text = text.prefix { $0 != ":" }
        }
        return String(text.prefix { $0 != "%" })
    }
}

extension ShimContext {
    /// The address that a request comes from, as far as trusted proxies tell it.
    func client(of request: Request, trusting proxies: [IPNetwork]) -> String? {
        let forwarded = request.headers[values: .forwardedFor].joined(separator: ",")
        return ClientAddress.hop(peer: peer, forwardedFor: forwarded, trusting: proxies)
    }
}

extension HTTPField.Name {
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
