import Foundation

/// Reads the settings. The one place that knows the order of precedence: flag, environment, `.env`, YAML file,
/// default; `X_FILE` stands for `X` on each of them, and a variable that is set to nothing is not set (an empty flag
/// is a value, mostly a bad one).
///
/// For the connection two more sources come before the defaults: the parts of DATABASE_URL, and, when no variable of
/// the connection is set anywhere, `~/.my.cnf`.
public struct SettingsReader: Sendable {
    /// Flags by the variable that they set.
    public var flags: [String: FlagValue]
    /// An `.env` file that must exist; nil means `.env` in the working directory, if there is one.
    public var envFile: String?
    /// A YAML file that must exist; nil means none.
    public var configFile: String?
    /// The variables of the process.
    public var environment: [String: String]
    /// The folder that relative paths start from.
    public var workingDirectory: String
    /// The folder of `.my.cnf`.
    public var homeDirectory: String

    /// Reads from the process itself, unless told otherwise.
    public init(
        flags: [String: FlagValue] = [:], envFile: String? = nil, configFile: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        workingDirectory: String = FileManager.default.currentDirectoryPath, homeDirectory: String? = nil
    ) {
        self.flags = flags
        self.envFile = envFile
        self.configFile = configFile
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.homeDirectory = homeDirectory ?? environment["HOME"] ?? NSHomeDirectory()
    }

    /// The settings in force.
    /// - Throws: ``SettingsError`` with every problem there is, also of settings that a command does not need: an
    ///   operator learns of a bad value at once, not when it is first used.
    public func read() throws(SettingsError) -> Settings {
        try load().settings
    }

    /// The settings in force and where each was set, secrets redacted.
    /// - Throws: ``SettingsError``, as ``read()`` does.
    public func report() throws(SettingsError) -> SettingsReport {
        SettingsReport(try load().values)
    }

    /// The settings with everything that is wrong with them, for a caller that has to report on them.
    public func inspect() -> SettingsInspection {
        let (settings, values) = resolve()
        return SettingsInspection(settings, values, reader: self)
    }

    private func resolve() -> (settings: Settings, values: SettingValues) {
        var resolver = SettingsResolver(self)
        resolver.resolve()
        var values = SettingValues(resolver.resolved, problems: resolver.problems)
        return (Settings(&values), values)
    }

    private func load() throws(SettingsError) -> (settings: Settings, values: SettingValues) {
        let (settings, values) = resolve()
        guard values.problems.isEmpty else { throw SettingsError(problems: values.problems) }
        return (settings, values)
    }

    /// An absolute path, or one that starts from the working directory.
    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
    }
}
