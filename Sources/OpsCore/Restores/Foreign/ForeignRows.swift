/// An INSERT or REPLACE of rows that are written out, found without a copy of it.
///
/// Literals, and functions that only compute, are all that may stand in a row: no query, no function of a schema, no name
/// with a qualifier. So nothing is read or written but the one table.
struct ForeignRows: Equatable {
    let schema: String?
    let table: String
    /// Where the qualifier stands, with its dot.
    let qualifier: Range<Int>?
    /// Rows that are written out.
    let count: Int
    /// Whether each of them is a row of the table afterwards: not so with IGNORE, REPLACE and ON DUPLICATE KEY.
    let isExact: Bool

    /// What was found.
    enum Finding: Equatable {
        case rows(ForeignRows)
        /// Comments have to be taken out first.
        case comments
        /// What is in the way.
        case refused(String)
    }

    static func read(_ text: UnsafeRawBufferPointer, dialect: ScriptDialect) -> Finding {
        var head = ForeignRowsHead.read(Array(text.prefix(4096)), dialect: dialect)
        if head == nil, text.count > 4096 { head = ForeignRowsHead.read(Array(text), dialect: dialect) }
        guard let head else { return .refused("rows that are not written out") }
        if head.hasComments { return .comments }
        var scan = ForeignRowsScan(text, from: head.end, dialect: dialect)
        switch scan.run() {
        case .comments: return .comments
        case .refused(let what): return .refused(what)
        case .end:
            return .rows(
                ForeignRows(
                    schema: head.schema, table: head.table, qualifier: head.qualifier, count: scan.rows,
                    isExact: head.isExact && !scan.hasClauses))
        }
    }
}

/// The part of an INSERT up to VALUES.
struct ForeignRowsHead: Equatable {
    var schema: String?
    var table = ""
    var qualifier: Range<Int>?
    var isExact = true
    var hasComments = false
    /// Behind VALUES.
    var end = 0

    private static let modifiers: Set = ["into", "low_priority", "delayed", "high_priority", "ignore"]

    /// Nil where it is another statement, or VALUES is not in it.
    static func read(_ bytes: [UInt8], dialect: ScriptDialect) -> ForeignRowsHead? {
        var head = ForeignRowsHead()
        var tokens = SchemaTokens(bytes, dialect: dialect)
        func next() -> SchemaTokens.Token? {
            while let token = tokens.next() {
                guard token.kind == .comment || token.kind == .versionMark else { return token }
                head.hasComments = true
            }
            return nil
        }
        guard let verb = next()?.keyword(in: bytes), verb == "insert" || verb == "replace" else {
            return head.orComments
        }
        head.isExact = verb == "insert"
        var token = next()
        while let word = token?.keyword(in: bytes), modifiers.contains(word) {
            if word == "ignore" { head.isExact = false }
            token = next()
        }
        guard let first = token, first.kind == .name || first.kind == .word else { return head.orComments }
        head.table = String(decoding: first.identifier(in: bytes), as: UTF8.self)
        token = next()
        if token?.kind == .symbol(UInt8(ascii: ".")) {
            guard let second = next(), second.kind == .name || second.kind == .word else { return head.orComments }
            head.schema = head.table
            head.table = String(decoding: second.identifier(in: bytes), as: UTF8.self)
            head.qualifier = first.range.lowerBound..<second.range.lowerBound
            token = next()
        }
        // Columns, and partitions before them.
        while let current = token {
            let word = current.keyword(in: bytes)
            if word == "values" || word == "value" {
                head.end = current.range.upperBound
                return head
            }
            guard isAllowed(current, word) else { return head.orComments }
            token = next()
        }
        return head.orComments
    }

    /// What could not be read may be readable without comments.
    private var orComments: ForeignRowsHead? { hasComments ? self : nil }

    private static func isAllowed(_ token: SchemaTokens.Token, _ word: String) -> Bool {
        switch token.kind {
        case .name: true
        case .word: word != "select" && word != "set" && word != "with" && word != "table"
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: ")")), .symbol(UInt8(ascii: ",")): true
        default: false
        }
    }
}
