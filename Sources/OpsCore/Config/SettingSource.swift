/// Where a setting was set.
public indirect enum SettingSource: Sendable, Equatable {
    /// A command-line flag, as it is spelled.
    case flag(String)
    /// The environment of the process.
    case environment
    /// A line of an `.env` file.
    case dotEnv(file: String, line: Int)
    /// The YAML file.
    case configFile(String)
    /// A part of DATABASE_URL, which itself was set elsewhere.
    case databaseURL(SettingSource)
    /// A line of the option file of the MySQL clients.
    case optionFile(file: String, line: Int)
    /// The content of a file that a `…_FILE` variable names, which itself was set elsewhere.
    case secretFile(path: String, variable: String, SettingSource)
    /// Nothing set it, the default holds.
    case defaultValue
    /// Nothing set it, and there is no default.
    case unset

    /// The place in the order of precedence: a smaller number wins.
    var rank: Int {
        switch self {
        case .flag: 0
        case .environment: 1
        case .dotEnv: 2
        case .configFile: 3
        case .databaseURL: 4
        case .optionFile: 5
        case .defaultValue: 6
        case .unset: 7
        case .secretFile(_, _, let source): source.rank
        }
    }
}

extension SettingSource: CustomStringConvertible {
    /// The words for it in errors and in the report.
    public var description: String {
        switch self {
        case .flag(let flag): "flag \(flag)"
        case .environment: "environment"
        case .dotEnv(let file, let line), .optionFile(let file, let line): "\(file):\(line)"
        case .configFile(let file): file
        case .databaseURL(let source): "DATABASE_URL (\(source))"
        case .secretFile(let path, let variable, let source): "file \(path) of \(variable) (\(source))"
        case .defaultValue: "default"
        case .unset: "not set"
        }
    }
}
