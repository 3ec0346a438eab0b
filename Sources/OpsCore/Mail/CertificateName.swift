/// A name in a certificate, compared as RFC 6125 has it: a wildcard stands for exactly one whole label, the first.
struct CertificateName {
    private let name: String

    init(_ name: String) { self.name = name.lowercased() }

    func matches(_ host: String) -> Bool {
        let host = host.lowercased().trimmingSuffix(".")
        if let address = IPNetwork(host) { return IPNetwork(name) == address }
        if name.trimmingSuffix(".") == host { return true }
        guard name.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
        return host[dot...] == name.dropFirst() && name.dropFirst(2).contains(".")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
