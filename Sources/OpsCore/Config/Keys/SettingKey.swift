/// One variable that the tool reads: the whole table is ``all``.
public struct SettingKey: Sendable, Equatable {
    /// The name in the environment and in `.env`, such as `MYSQL_HOST`.
    public let name: String
    /// What a value must look like.
    public let type: SettingType
    /// The value when nothing sets it; nil when there is none.
    public let defaultValue: String?
    /// Whether the value is never shown.
    public let isSecret: Bool
    /// What it is for, in one line.
    public let meaning: String

    init(_ name: String, _ type: SettingType, default value: String? = nil, secret: Bool = false, _ meaning: String) {
        self.name = name
        self.type = type
        defaultValue = value
        isSecret = secret
        self.meaning = meaning
    }

    /// The variable that names a file with the value.
    public var fileVariable: String { name + "_FILE" }
    /// The name in the YAML file.
    public var configKey: String { name.lowercased() }

    /// Every variable, in the order of the documentation.
    public static let all: [SettingKey] = connection + operation + mail + server + access + notice + preflight

    /// Every name that may be set, `X` and `X_FILE` alike.
    static let names = Set(all.flatMap { [$0.name, $0.fileVariable] })
}
