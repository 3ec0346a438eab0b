/// One thing that is wrong with the settings.
public struct SettingProblem: Error, Sendable, Equatable {
    /// The variable, or nil where a whole line or file cannot be read.
    public let variable: String?
    /// Where it was set, such as `environment`, `.env:12`, `config.yaml` or `flag --port`.
    public let source: String
    /// What is wrong, without any part of a secret.
    public let reason: String
    /// What would be valid, or what to do.
    public let remedy: String

    /// A problem in words of its own.
    public init(variable: String? = nil, source: String, reason: String, remedy: String) {
        self.variable = variable
        self.source = source
        self.reason = reason
        self.remedy = remedy
    }

    /// The problem of a value that its variable does not take.
    init(_ key: SettingKey, _ value: String, from source: SettingSource) {
        let shown = key.isSecret ? "the value (not shown)" : Self.quoted(value)
        // Kubernetes puts such a value into every pod when a service is called `mysql` or `api`.
        let isServiceLink = value.hasPrefix("tcp://") || value.hasPrefix("udp://")
        let advice = isServiceLink ? " (Kubernetes sets it for a service of that name: enableServiceLinks: false)" : ""
        self.init(
            variable: key.name, source: source.description, reason: "\(shown) is not valid",
            remedy: "give \(key.type.expectation)\(advice)")
    }

    /// A value for a message: in quotes, on one line and not too long.
    static func quoted(_ value: String) -> String {
        let oneLine = value.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : String($0) }.joined()
        let short = oneLine.count > 60 ? oneLine.prefix(60) + "…" : oneLine
        return looksLikeCredentials(value) ? "the value (not shown, it looks like a URL with a password)" : "'\(short)'"
    }

    /// Whether a value that should hold no secret holds one by mistake, such as a database URL given as a host.
    static func looksLikeCredentials(_ value: String) -> Bool {
        value.contains("@") && (value.contains("://") || value.contains(":"))
    }
}

extension SettingProblem: CustomStringConvertible {
    /// One line: variable, place, reason, remedy.
    public var description: String {
        let place = variable.map { "\($0) (\(source))" } ?? source
        return "\(place): \(reason); \(remedy)"
    }
}
