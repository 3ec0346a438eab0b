import Foundation

/// When the makers of the servers stop mending them.
struct EndOfLife: Sendable, Equatable {
    let flavour: ServerInfo.Flavour
    /// Major and minor number.
    let series: [Int]
    /// The last day, `2032-04-30`; nil for a supported series whose last day is not on record.
    let date: String?
    /// When this line was last compared with what the maker says.
    let recorded: String

    init(_ flavour: ServerInfo.Flavour, _ series: [Int], _ date: String?, recorded: String = "2026-11-24") {
        self.flavour = flavour
        self.series = series
        self.date = date
        self.recorded = recorded
    }

    /// The one table of these dates.
    static let table = [
        EndOfLife(.mysql, [8, 0], "2026-04-30"),
        EndOfLife(.mysql, [8, 4], "2032-04-30"),
        EndOfLife(.mysql, [9, 7], nil),
        EndOfLife(.mariadb, [10, 6], "2026-07-06"),
        EndOfLife(.mariadb, [10, 11], "2028-02-16"),
        EndOfLife(.mariadb, [11, 4], "2029-05-29"),
        EndOfLife(.mariadb, [11, 8], "2028-06-04"),
    ]

    static func of(_ server: ServerInfo) -> EndOfLife? {
        table.first { $0.flavour == server.flavour && $0.series == Array(server.version.prefix(2)) }
    }

    /// Whole days that are left; negative when it is over.
    func daysLeft(from now: Date) -> Int? {
        guard let date, let end = try? Date(date + "T23:59:59Z", strategy: .iso8601) else { return nil }
        return Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
    }
}

extension DatabaseChecks {
    /// The server is of a series that its maker still mends.
    enum Version: ObservedCheck {
        static let id = "DB-010"
        static let title = "flavour and version are supported"

        /// Time enough to plan an upgrade.
        private static let warningDays = 180

        static func observe(_ context: PreflightContext) async throws -> (ServerInfo, Date) {
            (try await context.monitor.variables().server, context.now())
        }

        static func judge(_ observed: (ServerInfo, Date)) -> CheckVerdict {
            let (server, now) = observed
            let name = "\(server.flavour.rawValue) \(server.versionText)"
            let known = EndOfLife.table.map { "\($0.flavour.rawValue) \($0.series[0]).\($0.series[1])" }
            let expected = "a series with support: \(known.joined(separator: ", "))"
            guard let life = EndOfLife.of(server) else {
                return .warn(
                    "\(name) is not among the series that are known here", expected: expected,
                    remedy: "move to a long-term series, and try it with a restored backup first")
            }
            guard let date = life.date, let days = life.daysLeft(from: now) else {
                return .pass("\(name); its last day is not on record (\(life.recorded))", expected: expected)
            }
            let text = "\(name), supported until \(date) (on record since \(life.recorded))"
            let remedy = "plan the upgrade: back up with `sysndd-ctl backup --prove`, then upgrade the server"
            if days < 0 { return .fail("\(name) has had no fixes since \(date)", expected: expected, remedy: remedy) }
            if days < warningDays {
                return .warn("\(text): \(days) days left", expected: expected, remedy: remedy)
            }
            return .pass(text, expected: expected)
        }
    }
}
