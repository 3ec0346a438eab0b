/// The settings in force, for `sysndd-ctl config`.
public struct SettingsReport: Codable, Sendable, Equatable {
    /// One setting.
    public struct Item: Codable, Sendable, Equatable {
        /// The variable.
        public let name: String
        /// The value in force; `<redacted>` for a secret, null when there is none.
        @EncodedAsNull public var value: String?
        /// Where it was set.
        public let source: String
        /// Whether the value is never shown.
        public let secret: Bool
    }

    /// Every variable, in the order of the documentation.
    public let settings: [Item]

    init(_ values: SettingValues) {
        settings = SettingKey.all.map { key in
            let setting = values.setting(key)
            return Item(
                name: key.name, value: setting.map { Self.shown($0.text, of: key) },
                source: values.source(key).description, secret: key.isSecret)
        }
    }

    /// The same in aligned columns: name, value, source.
    public var text: String {
        let rows = settings.map { ($0.name, $0.value ?? "-", $0.source) }
        let nameWidth = rows.map(\.0.count).max() ?? 0
        let valueWidth = rows.map(\.1.count).max() ?? 0
        return rows.map { name, value, source in
            [Self.padded(name, to: nameWidth), Self.padded(value, to: valueWidth), source].joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func shown(_ text: String, of key: SettingKey) -> String {
        // Everything of a database URL but its password helps to find out which server is meant.
        if key == .databaseURL { return (try? DatabaseURL(parsing: text))?.redacted ?? Secret.redacted }
        return key.isSecret || SettingProblem.looksLikeCredentials(text) ? Secret.redacted : text
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: width - text.count)
    }
}
