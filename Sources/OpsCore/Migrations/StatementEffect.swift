/// What an InnoDB server does to others while a statement runs, as far as its first words tell.
///
/// Sources: the tables "Online DDL Operations" of the MySQL manual and "InnoDB Online DDL Overview" of MariaDB's. Where
/// the two differ, or where it depends on the table, nothing is claimed.
enum StatementEffect: Sendable {
    case newObject, metadataOnly, buildsIndex, copiesTable, emptiesTable, removesObject, locksRows

    init?(of sql: String) {
        let words = sql.uppercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.prefix(400).map(String.init)
        guard let verb = words.first else { return nil }
        switch verb {
        case "CREATE": self = words.prefix(4).contains("INDEX") ? .buildsIndex : .newObject
        case "DROP": self = words.dropFirst().first == "INDEX" ? .metadataOnly : .removesObject
        case "RENAME": self = .metadataOnly
        case "TRUNCATE": self = .emptiesTable
        case "INSERT", "UPDATE", "DELETE", "REPLACE": self = .locksRows
        case "ALTER" where words.dropFirst().first == "TABLE": self.init(alteration: words)
        default: return nil
        }
    }

    private init?(alteration words: [String]) {
        let pairs = zip(words, words.dropFirst()).map { "\($0) \($1)" }
        if words.contains("MODIFY") || words.contains("CHANGE") || words.contains("CONVERT") || words.contains("ENGINE")
        {
            self = .copiesTable
        } else if pairs.contains(where: { ["ADD INDEX", "ADD KEY", "ADD UNIQUE", "ADD FULLTEXT"].contains($0) }) {
            self = .buildsIndex
        } else if pairs.contains("ADD COLUMN") || pairs.contains("RENAME TO") || pairs.contains("RENAME COLUMN") {
            self = .metadataOnly
        } else {
            return nil
        }
    }

    /// For people.
    var text: String {
        switch self {
        case .newObject: "makes a new object; nothing waits for it"
        case .metadataOnly: "short exclusive lock on the table, no copy; waits for its open transactions"
        case .buildsIndex: "reads the whole table; reads and writes go on; short exclusive lock at both ends"
        case .copiesTable: "may copy the whole table and hold off writes meanwhile"
        case .emptiesTable: "removes every row of the table at once"
        case .removesObject: "removes the object; waits for transactions that use it"
        case .locksRows: "locks the rows that it changes until it is committed"
        }
    }
}
