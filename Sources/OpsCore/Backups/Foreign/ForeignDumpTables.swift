/// Counts the tables that a dump leaves behind.
///
/// A table that is dropped again does not count: phpMyAdmin and older versions of mysqldump create a table in the place
/// of each view and drop it later.
struct ForeignDumpTables {
    /// Names that are remembered; the tables of a dump with more are counted without them.
    private static let longestList = 1_000_000

    private var names: Set<[UInt8]> = []
    private var unnamed = 0
    private var database: [UInt8] = []

    var count: Int { names.count + unnamed }

    /// Takes the beginning of a statement.
    mutating func take(_ head: [UInt8]) {
        guard let first = head.first, "cduCDU/".utf8.contains(first) else { return }
        switch Self.verb(of: head) {
        case .createTable: create(Self.name(in: head))
        case .dropTable: if let name = Self.name(in: head) { names.remove(database + name) }
        case .use: database = head + [0]
        case nil: break
        }
    }

    private mutating func create(_ name: [UInt8]?) {
        if let name, names.count < Self.longestList {
            names.insert(database + name)
        } else {
            unnamed += 1
        }
    }

    private enum Verb {
        case createTable, dropTable, use
    }

    private static func verb(of head: [UInt8]) -> Verb? {
        head.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes)
            switch tokens.next() {
            case .word("CREATE"):
                var next = tokens.next()
                if next == .word("OR"), tokens.next() == .word("REPLACE") { next = tokens.next() }
                return next == .word("TABLE") ? .createTable : nil
            case .word("DROP"): return tokens.next() == .word("TABLE") ? .dropTable : nil
            case .word("USE"): return .use
            default: return nil
            }
        }
    }

    /// The name behind TABLE, with its quotes and the name of the database if it has one; nil where a comment or the
    /// like is in the way, which no tool writes.
    private static func name(in head: [UInt8]) -> [UInt8]? {
        var rest = head[...]
        while let word = rest.popWord() {
            if word == "TABLE" { break }
        }
        let name = rest.drop { $0 == ASCII.space }
        rest = name
        if rest.popWord() == "IF" {
            while let word = rest.popWord(), word != "EXISTS" {}
            return rest.drop { $0 == ASCII.space }.identifier
        }
        return name.identifier
    }
}

extension ArraySlice where Element == UInt8 {
    /// The next word in upper case, spaces and marks before it dropped; nil at a quoted name.
    fileprivate mutating func popWord() -> String? {
        self = drop { !Self.isLetter($0) && $0 != ASCII.backtick && $0 != ASCII.doubleQuote }
        let word = prefix(while: Self.isLetter)
        self = dropFirst(word.count)
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self).uppercased()
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) || byte == UInt8(ascii: "_") }

    /// From here to the end of a name with all its parts.
    fileprivate var identifier: [UInt8]? {
        var quote: UInt8?
        let name = prefix { byte in
            if let open = quote {
                if byte == open { quote = nil }
                return true
            }
            if byte == ASCII.backtick || byte == ASCII.doubleQuote { quote = byte }
            return byte > ASCII.space && !"(;*,".utf8.contains(byte)
        }
        return name.isEmpty || name.count > 300 ? nil : Array(name)
    }
}
