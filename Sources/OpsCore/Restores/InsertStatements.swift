import Glibc

/// The statements of a member with rows, found without reading their literals.
///
/// A ``RowWriter`` writes `INSERT INTO … VALUES`, a line end, and one line a row that ends with a comma, or with a semicolon
/// behind the last one. A line feed in a literal is escaped, so behind VALUES every line feed ends a row; only names can
/// hold one, and they stand in backticks. So the search jumps from line feed to line feed.
enum InsertStatements {
    /// The member has another form.
    struct Malformed: Error {
        let offset: Int
    }

    /// Hands over each statement without its semicolon.
    static func forEach(in sql: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var start = 0
        while start < sql.count {
            let end = try end(of: sql, from: try rows(of: sql, from: start))
            try body(UnsafeRawBufferPointer(rebasing: sql[start..<end]))
            // Over the semicolon and the line feed.
            start = end + 2
        }
    }

    private static let beginning = Array("INSERT INTO `".utf8)
    private static let values = Array("VALUES\n".utf8)

    /// Where the first row begins.
    private static func rows(of sql: UnsafeRawBufferPointer, from start: Int) throws -> Int {
        guard sql[start...].starts(with: beginning) else { throw Malformed(offset: start) }
        var isQuoted = false
        for position in start..<sql.count {
            if sql[position] == ASCII.backtick { isQuoted.toggle() }
            if !isQuoted, sql[position] == UInt8(ascii: "V") {
                guard sql[position...].starts(with: values) else { throw Malformed(offset: position) }
                return position + values.count
            }
        }
        throw Malformed(offset: start)
    }

    /// Where the semicolon of the statement stands.
    private static func end(of sql: UnsafeRawBufferPointer, from start: Int) throws -> Int {
        var position = start
        while position < sql.count {
            guard let found = memchr(sql.baseAddress! + position, 10, sql.count - position) else { break }
            let lineFeed = UnsafeRawPointer(found) - sql.baseAddress!
            guard lineFeed > start else { break }
            if sql[lineFeed - 1] == UInt8(ascii: ";") { return lineFeed - 1 }
            position = lineFeed + 1
        }
        throw Malformed(offset: start)
    }
}
