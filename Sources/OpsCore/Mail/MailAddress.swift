/// An address that is safe to put into a header and into the dialogue with a mail server.
///
/// Accepted are the addresses that are in use: a dot-separated local part without quotes, and a domain name or an address
/// literal in brackets. Letters beyond ASCII are allowed in all parts; whether the server takes them is for it to say.
public struct MailAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What is shown to people; nil for none.
    public let name: String?
    /// `local@domain`.
    public let address: String

    /// - Throws: ``MailError`` at stage `config` when the address is not one, or when name or address hold a line break or
    ///   another control character.
    public init(name: String? = nil, address: String) throws {
        if let name, name.hasControlCharacter {
            throw MailError.badInput("the name of a mail address holds a control character")
        }
        guard Self.isValid(address) else {
            throw MailError.badInput(
                "not a mail address: \(address.printable)", hint: "an address looks like name@example.org")
        }
        self.name = name.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        self.address = address
    }

    /// Reads `name@example.org` or `Some Name <name@example.org>`, as in SMTP_FROM.
    /// - Throws: ``MailError`` at stage `config`.
    public init(parsing text: String) throws {
        // Before anything is trimmed: a line break at an end is refused too.
        guard !text.hasControlCharacter else {
            throw MailError.badInput("not a mail address: it holds a control character")
        }
        let whole = text.trimmed
        guard whole.hasSuffix(">"), let open = whole.lastIndex(of: "<") else {
            try self.init(address: whole)
            return
        }
        var name = String(whole[..<open]).trimmed
        if name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = String(name.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        }
        try self.init(name: name, address: String(whole[whole.index(after: open)...].dropLast()))
    }

    /// The part after the at sign.
    public var domain: String { String(address[address.index(after: address.lastIndex(of: "@")!)...]) }

    /// `Name <address>`, or the address alone; for people, not for headers.
    public var description: String { name.map { "\($0) <\(address)>" } ?? address }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            name: container.decodeIfPresent(String.self, forKey: .name),
            address: container.decode(String.self, forKey: .address))
    }

    /// Lengths from RFC 5321, 4.5.3.1.
    private static func isValid(_ address: String) -> Bool {
        guard address.utf8.count <= 254, !address.hasControlCharacter else { return false }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count <= 64 else { return false }
        return isDotted(parts[0], isLocal) && (isLiteral(parts[1]) || isDotted(parts[1], isDomain))
    }

    private static func isDotted(_ text: Substring, _ isAllowed: (Unicode.Scalar) -> Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy(isAllowed)
        }
    }

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        isWord(scalar) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
    }

    private static func isDomain(_ scalar: Unicode.Scalar) -> Bool {
        isWord(scalar) || scalar == "-" || scalar == "_"
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
        return switch scalar.properties.generalCategory {
        case .lineSeparator, .paragraphSeparator, .spaceSeparator, .control, .format, .surrogate, .unassigned: false
        default: true
        }
    }

    private static func isLiteral(_ text: Substring) -> Bool {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return false }
        let inner = text.dropFirst().dropLast()
        return IPNetwork(String(inner.hasPrefix("IPv6:") ? inner.dropFirst(5) : inner)) != nil && !inner.contains("/")
    }
}

extension String {
    /// True with any character of category Cc, or one of the two that Unicode calls line and paragraph separators.
    var hasControlCharacter: Bool {
        unicodeScalars.contains {
            [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
    }

    /// At most 80 characters, control characters replaced: a text of unknown origin, for a message.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.prefix(80).map {
                    $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
                }))
    }
}
