import Foundation

extension BackupName {
    /// The name of a backup that is made now.
    ///
    /// A second backup of a kind within the same second (of scheduled ones: within the same minute) is told apart by
    /// `_2`, `_3` and so on behind the time, which sorts behind the first one: `manual_2026-01-31_04-05-06_2.sql.gz`,
    /// `202601310405_2.sysndd_db.sql.gz`.
    /// - Parameters:
    ///   - kind: any but foreign.
    ///   - date: the moment that the name tells, in UTC, from the years 0 to 9999.
    ///   - database: the database that is backed up; only scheduled names hold it. What a file name cannot hold is
    ///     percent-encoded.
    ///   - isTaken: whether a name is already in use.
    public static func make(
        _ kind: Kind, date: Date, database: String, isTaken: (BackupName) -> Bool = { _ in false }
    ) -> BackupName {
        var parts = BackupNameParts(kind: kind, date: date, database: database)
        while true {
            guard kind != .foreign, let name = BackupName(parts.text) else {
                preconditionFailure("no backup name can be made of kind \(kind.rawValue) for \(database)")
            }
            guard isTaken(name) else { return name }
            parts.ordinal += 1
        }
    }

    /// The name of the link that follows the newest manual or scheduled backup of a database.
    public static func latestLink(of database: String) -> BackupName {
        let text = "latest.\(BackupNameParts.encoded(database)).sql.gz"
        guard let name = BackupName(text) else { preconditionFailure("no link name can be made of \(database)") }
        return name
    }
}
