import ArgumentParser
import OpsCore

struct MigrateStatus: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which migrations are applied and which are pending.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate status --exit-code --format json
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(
        name: .customLong("exit-code"), help: "End with 2 when migrations are pending, with 3 after drift or failure.")
    var exitCode = false

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        let status = try await migrator.status()
        try Output.write(status, as: output.format, render: \.text)
        if exitCode, status.exitStatus != .done { throw ExitCode(status.exitStatus.rawValue) }
    }
}

extension MigrationStatus {
    fileprivate var text: String {
        var lines = migrations.map { item in
            let state = item.state.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            return "\(state)  \(item.file)" + (item.appliedAt.map { "  \($0)" } ?? "")
        }
        lines.append("\(applied) applied, \(pending) pending, \(failed) failed")
        lines += drifted.map { "\($0.kind.rawValue) drift: \($0.file)" }
        lines += (unmet ?? []).map { "post-condition fails: \($0.file):\($0.line)  \($0.problem ?? "")" }
        if !missing.isEmpty { lines.append("not in the folder: \(missing.joined(separator: ", "))") }
        if !outOfOrder.isEmpty { lines.append("out of order: \(outOfOrder.joined(separator: ", "))") }
        if let holder = lock.holder { lines.append("a migration runs: \(holder)") }
        return lines.joined(separator: "\n")
    }
}
