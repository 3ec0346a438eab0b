extension TableColumnDefinition {
    /// How the values of a column are read and written so that they come back bit for bit.
    public enum Format: Sendable, Equatable {
        /// Written as a server prints it: integers, DECIMAL, YEAR.
        case number
        /// Written with the digits that are read back as the same number, but `-0` as `-0e0`: without the exponent it is an
        /// integer, which has no negative zero.
        case double
        /// A FLOAT, selected as DOUBLE because a server prints a FLOAT with six digits; then like ``double``.
        case float
        /// Text in utf8mb4, escaped in quotes; ENUM and SET, and the JSON of MySQL, which takes no binary literal. What the
        /// text of a JSON value does not tell is lost: a DECIMAL that SQL put into it, `1.50`, becomes the DOUBLE `1.5`.
        case text
        /// Text in a character set whose way to utf8mb4 and back may lose something: selected as bytes, written as
        /// `_sjis X'…'`. The value is the name for the introducer.
        case encodedText(String)
        /// ASCII without quotes and backslashes, written in quotes: dates and times, with `0000-00-00` kept, UUID, INET.
        case quoted
        /// Bytes, written as `X'…'`: BINARY, BLOB, BIT, VECTOR, and spatial values in the servers' internal format, which
        /// holds the SRID and knows no axis order.
        case binary
    }
}

extension TableColumnDefinition.Format {
    /// Character sets whose every string comes back from utf8mb4. MySQL and MariaDB give the five codes that cp1252
    /// leaves open a meaning in latin1.
    private static let transparent: Set = [
        "utf8mb4", "utf8mb3", "utf8", "ascii", "latin1", "ucs2", "utf16", "utf16le", "utf32",
    ]
    private static let numbers: Set = [
        "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year",
    ]
    private static let quotedTypes: Set = [
        "date", "time", "datetime", "timestamp", "uuid", "inet4", "inet6",
    ]
    private static let binaries: Set = [
        "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "vector", "geometry", "point",
        "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection",
        "geomcollection",
    ]

    /// Nil for a type that is not known: a guess could lose data.
    init?(dataType: String, characterSet: String?) {
        if let characterSet, characterSet != "binary" {
            self = Self.transparent.contains(characterSet) ? .text : .encodedText(characterSet)
        } else if Self.numbers.contains(dataType) {
            self = .number
        } else if Self.quotedTypes.contains(dataType) {
            self = .quoted
        } else if Self.binaries.contains(dataType) || characterSet == "binary" {
            self = .binary
        } else {
            switch dataType {
            case "float": self = .float
            case "double": self = .double
            case "json": self = .text
            default: return nil
            }
        }
    }
}
