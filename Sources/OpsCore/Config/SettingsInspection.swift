/// Settings that may be wrong, with what is wrong with them. A setting with a problem has a harmless value in its place.
public struct SettingsInspection: Sendable {
    public var settings: Settings
    public let problems: [SettingProblem]
    /// Where each variable was set, by its name.
    public let sources: [String: SettingSource]
    /// The account of PREFLIGHT_DATABASE_URL; nil when that is not set.
    public let monitor: DatabaseSettings?
    /// The `.env` file that was read, an absolute path; it may not exist.
    public let envFile: String
    /// Where relative paths start from.
    public let workingDirectory: String
    /// The variables of the process.
    public let environment: [String: String]

    init(_ settings: Settings, _ values: SettingValues, reader: SettingsReader) {
        self.settings = settings
        sources = Dictionary(uniqueKeysWithValues: SettingKey.all.map { ($0.name, values.source($0)) })
        envFile = reader.absolute(reader.envFile ?? ".env")
        workingDirectory = reader.workingDirectory
        environment = reader.environment
        var problems = values.problems
        monitor = values.setting(.preflightDatabaseURL).flatMap { setting in
            do throws(SettingsError) {
                return try Self.database(setting.text, default: settings.database.database)
            } catch {
                problems.append(SettingProblem(.preflightDatabaseURL, setting.text, from: setting.source))
                return nil
            }
        }
        self.problems = problems
    }

    /// Files whose content is a secret: those that an `X_FILE` variable names, absolute paths.
    public var secretFiles: [String] {
        sources.values.compactMap { source in
            if case .secretFile(let path, _, _) = source {
                return absolute(path)
            }
            return nil
        }.sorted()
    }

    /// An absolute path, or one that starts from the working directory.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)" }

    /// What is wrong with the variables of `keys`.
    func problems(of keys: [SettingKey]) -> [SettingProblem] {
        let names = Set(keys.flatMap { [$0.name, $0.fileVariable] })
        return problems.filter { $0.variable.map(names.contains) ?? false }
    }

    private static func database(_ url: String, default database: String) throws(SettingsError) -> DatabaseSettings {
        // Nothing but the URL counts: an empty `.env`, and `~/.my.cnf` is not read when there is a URL.
        let reader = SettingsReader(envFile: "/dev/null", environment: ["DATABASE_URL": url])
        var result = try reader.read().database
        if (try? DatabaseURL(parsing: url))?.database == nil { result.database = database }
        return result
    }
}
