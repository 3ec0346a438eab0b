/// One column of a table, with what a reader and a writer of rows must know.
public struct TableColumnDefinition: Sendable, Equatable {
    public let name: String
    /// The type without its arguments, in lower case: `varchar`.
    public let dataType: String
    /// The type as declared: `varchar(30)`, `int(10) unsigned zerofill`.
    public let columnType: String
    /// The character set of text; nil for other types.
    public let characterSet: String?
    public let isNullable: Bool
    /// Computed by the server: it must not stand in the column list of an INSERT.
    public let isGenerated: Bool
    /// Left out of `SELECT *` and of an INSERT without a column list.
    public let isInvisible: Bool
    /// How its values are read and written exactly.
    public let format: Format

    /// What to select so that the value arrives as ``format`` says.
    public var selectExpression: String {
        let name = SQLQuery.identifier(name)
        return switch format {
        case .float: "CAST(\(name) AS DOUBLE)"
        case .encodedText: "CAST(\(name) AS BINARY)"
        case .number, .double, .text, .quoted, .binary: name
        }
    }

    /// An integer type: ranges of it can be cut by arithmetic.
    public var isInteger: Bool { ["tinyint", "smallint", "mediumint", "int", "bigint"].contains(dataType) }
}
