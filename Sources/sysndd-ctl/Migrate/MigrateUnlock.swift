import ArgumentParser
import OpsCore

struct MigrateUnlock: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Show who holds the maintenance lease, and take it away from a holder that hangs.",
        discussion: """
            A holder that has died loses the lease by itself. Taking it from one that is alive stops its work.

            EXAMPLE
              sysndd-ctl migrate unlock --confirm UNLOCK
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The word UNLOCK, instead of typing it.")
    var confirm: String?

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        var holders = try await migrator.holders()
        if let lease = holders.lease {
            Output.note("the lease is held by \(lease), alive at \(lease.heartbeat.formatted(.iso8601))", unless: false)
            try Confirmation("UNLOCK", for: "taking the lease away").check(confirm)
            holders = try await migrator.unlock(holders)
        }
        try Output.write(holders, as: output.format, render: \.text)
    }
}

extension MigrationHolders {
    fileprivate var text: String {
        var lines: [String] = []
        switch (lease, freed) {
        case (nil, _): lines.append("nobody holds the lease")
        case (let holder?, true): lines.append("the lease was taken away from \(holder)")
        case (let holder?, false): lines.append("\(holder) had given the lease back already")
        }
        if let serverLock {
            lines.append("the server's lock sysndd_migration is held by \(serverLock); end that session with KILL")
        }
        return lines.joined(separator: "\n")
    }
}
