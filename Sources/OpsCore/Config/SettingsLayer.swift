import Configuration

/// One place that settings come from, read as text: swift-configuration would turn a value that does not convert
/// silently into the default, so conversion and its errors are ours.
struct SettingsLayer: Sendable {
    private let snapshot: any ConfigSnapshot
    private let isYAML: Bool
    private let keepsEmpty: Bool
    private let source: @Sendable (_ variable: String) -> SettingSource

    /// A layer of variables by name.
    /// - Parameter keepsEmpty: whether nothing is a value too, as that of a flag which was typed.
    init(
        variables: [String: String], keepsEmpty: Bool = false,
        source: @escaping @Sendable (_ variable: String) -> SettingSource
    ) {
        snapshot = EnvironmentVariablesProvider(environmentVariables: variables, secretsSpecifier: .all).snapshot()
        isYAML = false
        self.keepsEmpty = keepsEmpty
        self.source = source
    }

    /// The layer of the YAML file.
    init(_ file: ConfigFile, named name: String) {
        snapshot = file.snapshot
        isYAML = true
        keepsEmpty = false
        source = { _ in .configFile(name) }
    }

    /// The text of a variable and where it was set; nil when it is not set, or set to nothing.
    /// - Throws: ``SettingProblem`` when YAML has a list where one value is wanted.
    func lookUp(_ variable: String, isList: Bool = false) throws(SettingProblem) -> ResolvedSetting? {
        let key = AbsoluteConfigKey([variable.lowercased()])
        let text: String?
        do {
            text = try isList && isYAML ? listOrText(key) : self.text(key)
        } catch {
            throw SettingProblem(
                variable: variable, source: source(variable).description, reason: "a list is not valid here",
                remedy: "give one value")
        }
        guard let text, keepsEmpty || !text.isEmpty, !isNull(text) else { return nil }
        return ResolvedSetting(text: text, source: source(variable))
    }

    private func text(_ key: AbsoluteConfigKey) throws -> String? {
        guard case .string(let text) = try snapshot.value(forKey: key, type: .string).value?.content else { return nil }
        return text
    }

    private func listOrText(_ key: AbsoluteConfigKey) throws -> String? {
        if let list = try? snapshot.value(forKey: key, type: .stringArray).value?.content,
            case .stringArray(let items) = list
        {
            return items.joined(separator: ",")
        }
        return try text(key)
    }

    /// Read as text, YAML's null is a word; it means "not set" all the same.
    private func isNull(_ text: String) -> Bool {
        isYAML && ["~", "null", "Null", "NULL"].contains(text)
    }
}

/// The text of a setting, not yet converted, and where it came from.
struct ResolvedSetting: Sendable, Equatable {
    let text: String
    let source: SettingSource
}
