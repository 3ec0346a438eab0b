import ArgumentParser
import OpsCore

struct MigratePlan: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show every statement that would run and what it would lock or copy; changes nothing.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate plan --to 008
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Plan for files up to this number only.")
    var to: Int?

    @Flag(name: .customLong("allow-out-of-order"), help: "Also plan for files below the newest applied one.")
    var allowOutOfOrder = false

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        let plan = try await migrator.plan(MigrationOptions(target: to, allowOutOfOrder: allowOutOfOrder))
        try Output.write(plan, as: output.format, render: \.text)
    }
}

extension PlannedMigrations {
    fileprivate var text: String {
        guard !pending.isEmpty else { return "nothing to do: the database is up to date" }
        return pending.map { file in
            ([file.file] + file.statements.map(\.text)).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}

extension PlannedMigrations.Statement {
    fileprivate var text: String {
        let firstLine = sql.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? ""
        let shown = firstLine.count < sql.count ? firstLine.prefix(100) + " …" : firstLine.prefix(100)
        return "  \(line):\(column)  \(kind.rawValue)  \(shown)" + (effect.map { "\n          \($0)" } ?? "")
    }
}
