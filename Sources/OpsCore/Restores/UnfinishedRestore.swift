/// A restore that was interrupted, and whose database is not whole since: rows are missing, or views, routines, triggers and
/// events.
///
/// One that had not got to its exchange is none of these: the database is what it was.
struct UnfinishedRestore: Sendable {
    /// The backup that was being restored.
    let archive: String
    /// What is wrong with the database.
    let explanation: String

    /// Looks into the database and the schemas beside it, as far as the account may see them.
    /// - Returns: nil where the database is whole.
    static func find(in database: DatabaseSettings) async throws -> Self? {
        if let record = try await RestoreInPlace.record(database), record.conditionInPlace == .inPlaceUnfinished {
            return Self(
                archive: record.archive, explanation: "it is neither what it was nor what is restored")
        }
        let sites: [RestoreSite]
        do {
            sites = try await RestoreSite.find(RestoreSchemas(database: database))
        } catch let error as DatabaseError where error.kind == .accessDenied {
            return nil
        }
        return sites.first(where: \.isHalfWay).map {
            Self(archive: $0.record.archive, explanation: "views, routines, triggers or events may be missing")
        }
    }
}

extension RestoreSite {
    /// Objects of the database were dropped, and are not made again.
    fileprivate var isHalfWay: Bool { [.swapping, .undoing].contains(record.phase) }
}

extension BackupError {
    /// What would be backed up is not what anybody wants to have back.
    static func notWhole(_ database: String, _ restore: UnfinishedRestore) -> Self {
        Self(
            "RESTORE_UNFINISHED",
            "no backup of \(database) is made: the restore of \(restore.archive) was interrupted; \(restore.explanation)",
            hint: "first bring it to an end with sysndd-ctl restore resume, or back with sysndd-ctl restore undo")
    }
}
