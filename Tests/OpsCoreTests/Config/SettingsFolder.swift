import Foundation

@testable import OpsCore

/// A working directory and a home of a test's own; both go when the value does.
final class SettingsFolder: Sendable {
    let path: String
    let home: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/settings-\(UUID().uuidString)"
        home = path + "/home"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file into the working directory, or below it.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// A reader that sees nothing of the machine but this folder.
    func reader(
        flags: [String: FlagValue] = [:], env: [String: String] = [:], envFile: String? = nil, config: String? = nil
    ) -> SettingsReader {
        SettingsReader(
            flags: flags, envFile: envFile, configFile: config, environment: env, workingDirectory: path,
            homeDirectory: home)
    }

    /// The lines of the error that reading ends with; empty when it succeeds.
    func problems(
        flags: [String: FlagValue] = [:], env: [String: String] = [:], envFile: String? = nil, config: String? = nil
    ) -> [String] {
        do throws(SettingsError) {
            _ = try reader(flags: flags, env: env, envFile: envFile, config: config).read()
            return []
        } catch {
            return error.message.split(separator: "\n").map(String.init)
        }
    }
}
