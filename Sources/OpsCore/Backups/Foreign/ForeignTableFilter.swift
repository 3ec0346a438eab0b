/// Which statements of another tool's dump are about one table, or about the session in which it is loaded.
struct ForeignTableFilter {
    /// How much of a statement is looked at: enough for any table's name.
    static let headLength = 1024

    private let table: [UInt8]
    /// The one that the latest USE chose.
    private var database: [UInt8] = []
    /// The one that the table was found in.
    private var home: [UInt8]?
    private var isLocked = false
    /// How many statements make a trigger or a sequence, of any table.
    private var made: [String: Int] = [:]

    /// What the operator should know: these belong to tables, and are not taken.
    var leftOut: [String] {
        made.sorted { $0.key < $1.key }.map { "the \($0.key)s of the dump, \($0.value) of them, are not in the SQL" }
    }

    var isFound: Bool { home != nil }

    init(table: String) { self.table = Array(table.utf8) }

    /// - Parameter head: the beginning of a statement.
    /// - Throws: ``BackupError`` when the dump holds such a table in two databases.
    mutating func takes(_ head: [UInt8]) throws -> Bool {
        var tokens = Words(head)
        switch tokens.keyword() {
        case "set": return !Self.isForServer(head)
        case "start", "begin", "commit": return true
        case "use": return use(tokens.identifier())
        case "insert", "replace": return try isTable(&tokens, after: ["into"])
        case "create":
            note(tokens)
            return try isTable(&tokens, after: ["table"])
        case "drop", "alter", "truncate": return try isTable(&tokens, after: ["table"])
        case "lock":
            isLocked = try isTable(&tokens, after: ["tables", "table"])
            return isLocked
        case "unlock":
            defer { isLocked = false }
            return isLocked
        default: return false
        }
    }

    /// `CREATE DEFINER = 'a'@'b' TRIGGER` has the mark within ten words.
    private mutating func note(_ tokens: Words) {
        var tokens = tokens
        for _ in 0..<10 {
            switch tokens.keyword() {
            case let mark where ["trigger", "sequence"].contains(mark):
                made[mark, default: 0] += 1
                return
            case "table", "view", "procedure", "function", "event": return
            default: continue
            }
        }
    }

    private mutating func use(_ name: [UInt8]) -> Bool {
        database = name
        return false
    }

    /// Settings of the server and of its log, which mysqldump writes for a whole restore and not every account may set.
    private static func isForServer(_ head: [UInt8]) -> Bool {
        let text = String(decoding: head.map(ASCII.lowercased), as: UTF8.self)
        return ["gtid_purged", "log_bin", "@@global"].contains { text.contains($0) }
    }

    private mutating func isTable(_ tokens: inout Words, after marks: Set<String>) throws -> Bool {
        var words = 0
        // CREATE OR REPLACE TEMPORARY TABLE is the longest way to a mark; whatever has none is about something else.
        while !marks.contains(tokens.keyword()) {
            words += 1
            guard words < 4 else { return false }
        }
        let name = tokens.tableName()
        guard name.table == table else { return false }
        let place = name.database ?? database
        guard (home ?? place) == place else { throw BackupError.ambiguous(String(decoding: table, as: UTF8.self)) }
        home = place
        return true
    }

    /// The pieces of a statement without comments.
    private struct Words {
        private let bytes: [UInt8]
        private var tokens: SchemaTokens
        private var pending: SchemaTokens.Token?

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            tokens = SchemaTokens(bytes)
        }

        private mutating func next() -> SchemaTokens.Token? {
            if let token = pending {
                pending = nil
                return token
            }
            while let token = tokens.next() {
                if token.kind != .comment, token.kind != .versionMark { return token }
            }
            return nil
        }

        mutating func keyword() -> String { next()?.keyword(in: bytes) ?? "" }

        mutating func identifier() -> [UInt8] { next()?.identifier(in: bytes) ?? [] }

        /// `t`, `db`.`t`, each also behind IF EXISTS or IF NOT EXISTS.
        mutating func tableName() -> (database: [UInt8]?, table: [UInt8]) {
            guard var token = next() else { return (nil, []) }
            if token.keyword(in: bytes) == "if" {
                while let word = next(), word.keyword(in: bytes) != "exists" {}
                guard let name = next() else { return (nil, []) }
                token = name
            }
            let first = token.identifier(in: bytes)
            let dot = next()
            guard dot?.kind == .symbol(UInt8(ascii: ".")) else {
                pending = dot
                return (nil, first)
            }
            return (first, identifier())
        }
    }
}
