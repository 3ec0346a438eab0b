import Foundation

extension SettingType {
    /// The text itself when it is valid for a type that stays text.
    func text(from value: String) -> String? {
        let isValid =
            switch self {
            case .secret(let minimum): value.utf8.count >= minimum
            case .host: Self.isHost(value)
            case .webURL(let allowingUser): Self.isWebURL(value, allowingUser: allowingUser)
            case .mailAddress: Self.isMailAddress(value)
            default: !value.isEmpty && !Self.hasControlCharacter(value)
            }
        return isValid ? value : nil
    }

    /// The number of `integer` and `seconds`.
    func integer(from value: String) -> Int? {
        guard let number = Int(value.trimmed) else { return nil }
        return switch self {
        case .integer(let range), .seconds(let range): range.contains(number) ? number : nil
        default: nil
        }
    }

    /// The one of the words of `choice` that is meant, as the table spells it.
    func choice(from value: String) -> String? {
        guard case .choice(let words) = self else { return nil }
        let word = value.trimmed.lowercased().replacing("_", with: "-")
        return words.contains(word) ? word : nil
    }

    /// true or false for the usual words.
    static func boolean(from value: String) -> Bool? {
        switch value.trimmed.lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }

    /// The items of a list, each converted; nil when one of them cannot be, or when there is none.
    static func list<Item>(from value: String, _ convert: (String) -> Item?) -> [Item]? {
        let parts = value.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
        let items = parts.compactMap(convert)
        return items.count == parts.count ? items : nil
    }

    /// An origin as browsers send it: scheme, host and port, nothing after them.
    static func origin(from value: String) -> String? {
        guard value != "*" else { return value }
        guard isWebURL(value, allowingUser: false), let parts = URLComponents(string: value) else { return nil }
        return parts.path.isEmpty && parts.query == nil && parts.fragment == nil ? value : nil
    }

    private static func isHost(_ value: String) -> Bool {
        !value.isEmpty && !value.contains { $0.isWhitespace || "/@?#\\,;'\"".contains($0) }
            && !hasControlCharacter(value)
            && (!value.contains(":") || IPNetwork(value.split(separator: "%").first.map(String.init) ?? "") != nil)
    }

    private static func isWebURL(_ value: String, allowingUser: Bool) -> Bool {
        guard let parts = URLComponents(string: value, encodingInvalidCharacters: false),
            ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false
        else { return false }
        return (parts.port.map { (1...65535).contains($0) } ?? true) && (allowingUser || parts.user == nil)
    }

    /// Only what protects headers and the envelope: whether an address exists is for the mail server to say.
    private static func isMailAddress(_ value: String) -> Bool {
        guard !hasControlCharacter(value) else { return false }
        var address = value.trimmed
        if address.hasSuffix(">"), let open = address.lastIndex(of: "<") {
            address = String(address[address.index(after: open)...].dropLast())
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !address.contains { $0.isWhitespace || "<>,;".contains($0) }
    }

    private static func hasControlCharacter(_ value: String) -> Bool {
        value.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
