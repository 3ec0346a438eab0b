/// Puts together the statements of one object.
struct SchemaScript {
    private(set) var bytes: [UInt8]

    /// Begins with a comment line that says what follows.
    init(_ kind: SchemaObject.Kind, _ name: String) {
        bytes = Array("\n-- \(kind.rawValue) \(Self.commentText(SQLQuery.identifier(name)))\n".utf8)
    }

    /// `text` on one line: in a comment, a line feed of a name would end the comment.
    static func commentText(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : $0 }))
    }

    /// Adds a statement that has nothing in it that the client would change.
    mutating func add(_ statement: String) { add(Array(statement.utf8)) }

    mutating func add(_ statement: [UInt8]) { bytes += statement + Array(";\n".utf8) }

    /// Adds comment lines.
    mutating func add(comment text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            bytes += Array("-- \(Self.commentText(String(line)))\n".utf8)
        }
    }

    /// Adds the statement that removes what is in the way.
    mutating func add(drop kind: SchemaObject.Kind, _ name: String) {
        let statement = "DROP \(kind.rawValue.uppercased()) IF EXISTS \(SQLQuery.identifier(name))"
        switch kind {
        // MariaDB 10 only knows them in this mode.
        case .package, .packageBody:
            add("SET @sysndd_mode = @@sql_mode, sql_mode = ORACLE")
            add(statement)
            add("SET sql_mode = @sysndd_mode")
        default: add(statement)
        }
    }

    /// Adds a statement that may have the usual delimiter in it.
    mutating func add(program statement: SchemaClientText) {
        let delimiter = statement.delimiter
        bytes += Array("DELIMITER \(delimiter)\n".utf8) + statement.bytes
        bytes += Array("\n\(delimiter)\nDELIMITER ;\n".utf8)
    }
}
