/// The texts of all settings, converted on request.
///
/// A value that does not convert is noted and something harmless returned in its place, so that one pass finds every
/// problem; ``SettingsReader`` throws when there is one, and the replacement never gets out.
struct SettingValues {
    private let resolved: [String: ResolvedSetting]
    private(set) var problems: [SettingProblem]

    init(_ resolved: [String: ResolvedSetting], problems: [SettingProblem]) {
        self.resolved = resolved
        self.problems = problems
    }

    func source(_ key: SettingKey) -> SettingSource { setting(key)?.source ?? .unset }

    /// The value as it was set, or the default.
    func setting(_ key: SettingKey) -> ResolvedSetting? {
        resolved[key.name] ?? key.defaultValue.map { ResolvedSetting(text: $0, source: .defaultValue) }
    }

    mutating func optionalText(_ key: SettingKey) -> String? {
        convert(key) { key.type.text(from: $0) }
    }

    /// For a setting with a default.
    mutating func text(_ key: SettingKey) -> String { optionalText(key) ?? "" }

    mutating func secret(_ key: SettingKey) -> Secret? { optionalText(key).map(Secret.init) }

    /// For a setting with a default.
    mutating func integer(_ key: SettingKey) -> Int {
        convert(key) { key.type.integer(from: $0) } ?? 0
    }

    /// For a setting with a default.
    mutating func duration(_ key: SettingKey) -> Duration { .seconds(integer(key)) }

    mutating func boolean(_ key: SettingKey) -> Bool? {
        convert(key, SettingType.boolean)
    }

    mutating func choice<Word: RawRepresentable<String>>(_ key: SettingKey, default word: Word) -> Word {
        convert(key) { key.type.choice(from: $0).flatMap(Word.init) } ?? word
    }

    mutating func schedule(_ key: SettingKey) -> CronSchedule? { convert(key, CronSchedule.init) }

    mutating func list<Item>(_ key: SettingKey, _ item: (String) -> Item?) -> [Item] {
        convert(key) { SettingType.list(from: $0, item) } ?? []
    }

    private mutating func convert<Value>(_ key: SettingKey, _ conversion: (String) -> Value?) -> Value? {
        guard let setting = setting(key) else { return nil }
        if let value = conversion(setting.text) { return value }
        problems.append(SettingProblem(key, setting.text, from: setting.source))
        return nil
    }
}
