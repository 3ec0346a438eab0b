/// What is asked of the database server; each group of checks is in a file of its own.
enum DatabaseChecks {
    static let all: [Check] = [
        Check(Reachable.self), Check(Login.self), Check(Version.self), Check(SQLMode.self), Check(Encoding.self),
        Check(TimeZone.self), Check(Durability.self), Check(Budget.self), Check(Limits.self), Check(Memory.self),
        Check(UsedConnections.self), Check(Tables.self), Check(Definers.self), Check(Writable.self),
        Check(Galera.self), Check(Replica.self), Check(FunctionCreators.self),
    ]

    /// `a`, `b` and 3 more.
    static func list(_ names: [String], limit: Int = 8) -> String {
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }

    /// A size for people, in powers of two.
    static func size(_ bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
