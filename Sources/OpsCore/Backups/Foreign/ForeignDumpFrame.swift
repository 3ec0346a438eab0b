/// The frame of session settings around a dump: what is saved or begun at its start is put back by its last statement.
///
/// It tells whether a dump without a closing comment is complete. phpMyAdmin ends with
/// `/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;`, or where it was told to leave that out, with
/// `COMMIT;` or `SET FOREIGN_KEY_CHECKS=1;`; mysqldump without comments with `… SET SQL_NOTES=@OLD_SQL_NOTES */;`.
struct ForeignDumpFrame: Sendable, Equatable {
    private enum Part: CaseIterable {
        /// The first of these that a dump opens is the last that it closes.
        case sqlNotes, collation, transaction, foreignKeys

        var opening: String {
            switch self {
            case .sqlNotes: "/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES"
            case .collation: "/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION"
            case .transaction: "START TRANSACTION"
            case .foreignKeys: "SET FOREIGN_KEY_CHECKS=0"
            }
        }

        var closing: String {
            switch self {
            case .sqlNotes: "/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES"
            case .collation: "/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION"
            case .transaction: "COMMIT"
            case .foreignKeys: "SET FOREIGN_KEY_CHECKS=1"
            }
        }
    }

    /// What belongs to the frame is among the first statements of a dump.
    private static let openingStatements = 20

    private var opened: Set<Part> = []
    private var statementCount = 0
    private var last: [UInt8] = []

    /// Takes the beginning of a statement.
    mutating func take(_ head: [UInt8]) {
        last = head
        statementCount += 1
        guard statementCount <= Self.openingStatements else { return }
        for part in Part.allCases where head.starts(with: part.opening.utf8) { opened.insert(part) }
    }

    /// Whether the last statement closes the frame; nil where there is none.
    var isClosed: Bool? {
        guard let outermost = Part.allCases.first(where: opened.contains) else { return nil }
        return last.starts(with: outermost.closing.utf8)
    }
}
