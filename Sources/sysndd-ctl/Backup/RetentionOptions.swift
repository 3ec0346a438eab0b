import ArgumentParser
import OpsCore

/// Which scheduled backups are kept.
struct RetentionOptions: ParsableArguments {
    @Option(name: .customLong("keep-last"), help: "Keep this many of the newest.")
    var last: Int?
    @Option(name: .customLong("keep-hourly"), help: "Keep the newest of this many hours.")
    var hourly: Int?
    @Option(name: .customLong("keep-daily"), help: "Keep the newest of this many days.")
    var daily: Int?
    @Option(name: .customLong("keep-weekly"), help: "Keep the newest of this many weeks.")
    var weekly: Int?
    @Option(name: .customLong("keep-monthly"), help: "Keep the newest of this many months.")
    var monthly: Int?
    @Option(name: .customLong("keep-yearly"), help: "Keep the newest of this many years.")
    var yearly: Int?
    @Option(name: .customLong("keep-within"), help: "Keep all that are no older than this, such as 2y5m7d3h.")
    var within: RetentionPolicy.Window?

    /// A rule of nothing would be no rule, and so keep everything where little was meant.
    func validate() throws {
        let counts = [
            ("last", last), ("hourly", hourly), ("daily", daily), ("weekly", weekly), ("monthly", monthly),
            ("yearly", yearly),
        ]
        for (name, count) in counts where count ?? 1 < 1 {
            throw ValidationError("--keep-\(name) is at least 1")
        }
    }

    /// What the flags say.
    var given: RetentionPolicy {
        RetentionPolicy(
            last: last, hourly: hourly, daily: daily, weekly: weekly, monthly: monthly, yearly: yearly, within: within)
    }

    /// What the flags say; without any, MAX_BACKUPS.
    func policy(_ settings: BackupSettings) -> RetentionPolicy {
        given.isEmpty ? RetentionPolicy(last: settings.maxBackups) : given
    }
}

extension RetentionPolicy.Window: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
