import Foundation

extension DatabaseURL {
    /// Why a text is no database URL. Never holds a part of the text, because a password with a reserved character
    /// in it can end up in any part.
    public struct Malformed: Error, Sendable, Equatable {
        /// What is wrong.
        public let reason: String
        /// What would be valid, or what to do.
        public let remedy: String
    }

    /// - Throws: ``Malformed``.
    public init(parsing text: String) throws(Malformed) {
        self.init()
        var rest = try Self.withoutScheme(text)
        let tail = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard !rest.contains("#"), !rest[tail...].contains("@") else {
            throw Malformed(
                reason: "a reserved character is not encoded",
                remedy: "in user name and password write %23 for #, %2F for /, %3A for :, %3F for ? and %40 for @")
        }
        try readAuthority(rest[..<tail])
        rest = rest[tail...]
        let query = rest.firstIndex(of: "?") ?? rest.endIndex
        try readPath(rest[..<query])
        try readQuery(rest[query...].dropFirst())
        try checkSocket()
    }

    private static func withoutScheme(_ text: String) throws(Malformed) -> Substring {
        for scheme in ["mysql://", "mariadb://"] where text.lowercased().hasPrefix(scheme) {
            return text.dropFirst(scheme.count)
        }
        throw Malformed(
            reason: "the scheme is neither mysql:// nor mariadb://",
            remedy: "give \(SettingType.databaseURL.expectation)")
    }

    private mutating func readAuthority(_ authority: Substring) throws(Malformed) {
        let at = authority.lastIndex(of: "@")
        if let at {
            let credentials = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try Self.decoded(credentials[0], "user name")
            password = try credentials.count == 2 ? Self.decoded(credentials[1], "password").map(Secret.init) : nil
        }
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        let end = place.hasPrefix("[") ? place.firstIndex(of: "]").map(place.index(after:)) : place.firstIndex(of: ":")
        try readHost(place[..<(end ?? place.endIndex)])
        try readPort(place[(end ?? place.endIndex)...])
    }

    private mutating func readHost(_ text: Substring) throws(Malformed) {
        guard text.hasPrefix("[") else {
            host = try Self.decoded(text, "host")
            return
        }
        let address = String(text.dropFirst().prefix { $0 != "]" && $0 != "%" })
        guard text.hasSuffix("]"), address.contains(":"), IPNetwork(address) != nil else {
            throw Malformed(reason: "the host in brackets is not an IPv6 address", remedy: "write it as [::1]")
        }
        host = String(text.dropFirst().dropLast()).replacing("%25", with: "%")
    }

    private mutating func readPort(_ text: Substring) throws(Malformed) {
        guard !text.isEmpty else { return }
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), digits.allSatisfy(\.isNumber), let number = Int(digits),
            (1...65535).contains(number)
        else {
            throw Malformed(
                reason: "what follows the host is not a port",
                remedy: "give a port from 1 to 65535, and an IPv6 address in brackets as [::1]")
        }
        port = number
    }

    private mutating func readPath(_ path: Substring) throws(Malformed) {
        guard !path.dropFirst().contains("/") else {
            throw Malformed(reason: "the path has more than one part", remedy: "give only the database after the host")
        }
        database = try Self.decoded(path.dropFirst(), "database")
    }

    private mutating func readQuery(_ query: Substring) throws(Malformed) {
        var seen: Set<String> = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard Self.parameters.contains(name) else {
                let known = Self.parameters.joined(separator: ", ")
                throw Malformed(
                    reason: "unknown parameter \(SettingProblem.quoted(name))", remedy: "known are \(known)")
            }
            guard let value = try parts.count == 2 ? Self.decoded(parts[1], name) : nil else {
                throw Malformed(reason: "the parameter \(name) has no value", remedy: "write \(name)=value")
            }
            guard seen.insert(name).inserted else {
                throw Malformed(reason: "the parameter \(name) is given twice", remedy: "give it once")
            }
            try setParameter(name, value)
        }
    }

    private mutating func setParameter(_ name: String, _ value: String) throws(Malformed) {
        switch name {
        case "ssl-ca": tlsCAFile = value
        case "socket": socket = value
        default:
            let type = SettingKey.mysqlTLSMode.type
            guard let mode = type.choice(from: value).flatMap(TLSMode.init) else {
                throw Malformed(reason: "ssl-mode is not valid", remedy: "give \(type.expectation)")
            }
            tlsMode = mode
        }
    }

    private func checkSocket() throws(Malformed) {
        guard socket != nil, let host, host != "localhost" else { return }
        throw Malformed(
            reason: "it names both a socket and a host other than localhost", remedy: "keep one of the two")
    }

    /// Percent-decoded; nil when empty.
    private static func decoded(_ text: Substring, _ part: String) throws(Malformed) -> String? {
        guard let value = String(text).removingPercentEncoding, !value.utf8.contains(0) else {
            throw Malformed(
                reason: "the \(part) is not percent-encoded UTF-8 text", remedy: "write % itself as %25")
        }
        return value.isEmpty ? nil : value
    }

    private static let parameters = ["ssl-mode", "ssl-ca", "socket"]
}
