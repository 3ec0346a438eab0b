/// Finds the text of every setting, and collects what is wrong on the way.
struct SettingsResolver {
    private(set) var resolved: [String: ResolvedSetting] = [:]
    private(set) var problems: [SettingProblem] = []
    private let reader: SettingsReader
    private var layers: [SettingsLayer] = []

    init(_ reader: SettingsReader) {
        self.reader = reader
    }

    mutating func resolve() {
        openLayers()
        for key in SettingKey.all {
            attempt { resolver throws(SettingProblem) in resolver.resolved[key.name] = try resolver.find(key) }
        }
        if let url = resolved[SettingKey.databaseURL.name] {
            attempt { resolver throws(SettingProblem) in try resolver.fill(from: url) }
        } else if SettingKey.connection.allSatisfy({ resolved[$0.name] == nil }) {
            attempt { resolver throws(SettingProblem) in try resolver.fillFromOptionFile() }
        }
    }

    private mutating func attempt(_ step: (inout Self) throws(SettingProblem) -> Void) {
        do throws(SettingProblem) { try step(&self) } catch { problems.append(error) }
    }

    private mutating func openLayers() {
        let flags = reader.flags
        layers = [
            SettingsLayer(variables: flags.mapValues(\.value), keepsEmpty: true) { .flag(flags[$0]?.flag ?? $0) },
            SettingsLayer(variables: reader.environment) { _ in .environment },
        ]
        for (name, flag) in flags.sorted(by: { $0.key < $1.key }) where !SettingKey.names.contains(name) {
            let source = SettingSource.flag(flag.flag).description
            problems.append(
                SettingProblem(variable: name, source: source, reason: "no such setting", remedy: "leave it out"))
        }
        attempt { resolver throws(SettingProblem) in try resolver.openDotEnv() }
        attempt { resolver throws(SettingProblem) in try resolver.openConfigFile() }
    }

    private mutating func openDotEnv() throws(SettingProblem) {
        let file = reader.envFile ?? ".env"
        guard let text = try content(of: file, flag: reader.envFile == nil ? nil : "--env-file") else { return }
        do throws(SettingsError) {
            let entries = try DotEnvFile(parsing: text, file: file).entries
            layers.append(
                SettingsLayer(variables: entries.mapValues(\.value)) { name in
                    .dotEnv(file: file, line: entries[name]?.line ?? 0)
                })
        } catch {
            problems += error.problems
        }
    }

    private mutating func openConfigFile() throws(SettingProblem) {
        guard let file = reader.configFile, let text = try content(of: file, flag: "--config") else { return }
        let config = try ConfigFile(parsing: text, file: file)
        problems += config.unknownKeys(file: file)
        layers.append(SettingsLayer(config, named: file))
    }

    /// The text of a file; nil when it is missing and no flag asked for it.
    private func content(of file: String, flag: String?) throws(SettingProblem) -> String? {
        do throws(SettingsFile.Failure) {
            return try SettingsFile.text(at: reader.absolute(file))
        } catch {
            if flag == nil, error.isMissing { return nil }
            throw SettingProblem(
                variable: flag, source: file, reason: "cannot be read: \(error.reason)",
                remedy: "check the path and its permissions")
        }
    }

    private func first(_ variable: String, isList: Bool = false) throws(SettingProblem) -> ResolvedSetting? {
        for layer in layers {
            if let setting = try layer.lookUp(variable, isList: isList) { return setting }
        }
        return nil
    }

    private func find(_ key: SettingKey) throws(SettingProblem) -> ResolvedSetting? {
        let value = try first(key.name, isList: key.type.isList)
        guard let file = try first(key.fileVariable) else { return value }
        if let value {
            throw SettingProblem(
                variable: key.name, source: value.source.description,
                reason: "\(key.fileVariable) is set as well (\(file.source))", remedy: "set only one of the two")
        }
        return try readSecretFile(of: key, file)
    }

    private func readSecretFile(of key: SettingKey, _ file: ResolvedSetting) throws(SettingProblem) -> ResolvedSetting {
        let reason: String
        do throws(SettingsFile.Failure) {
            let value = try Self.withoutLastNewline(SettingsFile.text(at: reader.absolute(file.text)))
            let source = SettingSource.secretFile(path: file.text, variable: key.fileVariable, file.source)
            if !value.isEmpty { return ResolvedSetting(text: value, source: source) }
            reason = "is empty"
        } catch {
            reason = "cannot be read: \(error.reason)"
        }
        throw SettingProblem(
            variable: key.fileVariable, source: file.source.description,
            reason: "the file \(SettingProblem.quoted(file.text)) \(reason)",
            remedy: "give the path of a file with the value of \(key.name)")
    }

    private static func withoutLastNewline(_ text: String) -> String {
        // To Swift CR LF is one character, and so one newline.
        text.last?.isNewline == true ? String(text.dropLast()) : text
    }

    /// Sets the parts of DATABASE_URL that no variable of their own overrides.
    private mutating func fill(from url: ResolvedSetting) throws(SettingProblem) {
        do throws(DatabaseURL.Malformed) {
            for (name, value) in try DatabaseURL(parsing: url.text).variables where resolved[name] == nil {
                resolved[name] = ResolvedSetting(text: value, source: .databaseURL(url.source))
            }
        } catch {
            throw SettingProblem(
                variable: SettingKey.databaseURL.name, source: url.source.description, reason: error.reason,
                remedy: error.remedy)
        }
    }

    private mutating func fillFromOptionFile() throws(SettingProblem) {
        let file = "~/.my.cnf"
        let text: String
        do throws(SettingsFile.Failure) {
            text = try SettingsFile.text(at: "\(reader.homeDirectory)/.my.cnf")
        } catch {
            if error.isMissing { return }
            throw SettingProblem(
                source: file, reason: "cannot be read: \(error.reason)", remedy: "check its permissions")
        }
        for (name, entry) in try OptionFile(parsing: text, file: file).entries where !entry.value.isEmpty {
            resolved[name] = ResolvedSetting(text: entry.value, source: .optionFile(file: file, line: entry.line))
        }
    }
}
