import ArgumentParser
import OpsCore

struct MigrateVerify: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Ask the post-conditions of all applied files; changes nothing.",
        discussion: """
            Ends with 1 when one does not hold.

            EXAMPLE
              sysndd-ctl migrate verify --format json
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        let result = try await migrator.verify()
        try Output.write(result, as: output.format, render: \.text)
        if result.exitStatus != .done { throw ExitCode(result.exitStatus.rawValue) }
    }
}

extension MigrationVerification {
    fileprivate var text: String {
        let lines = conditions.map { condition in
            let state = condition.problem.map { "FAILS  " + condition.place + "  " + $0 } ?? "holds  " + condition.place
            return state + "\n       " + condition.query
        }
        return (lines + ["\(conditions.count - failed) of \(conditions.count) post-conditions hold"])
            .joined(separator: "\n")
    }
}

extension MigrationVerification.Condition {
    fileprivate var place: String { "\(file):\(line)" }
}
