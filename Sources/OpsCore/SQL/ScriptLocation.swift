/// Where a statement stands in its script.
public struct ScriptLocation: Sendable, Equatable {
    /// The number of the statement, counted from 1; client commands and comments do not count.
    public let index: Int
    /// Offsets into the input (its byte order mark included), from the first byte of the statement up to, not
    /// including, the delimiter that ends it.
    public let byteRange: Range<Int>
    /// The line of the first byte, counted from 1.
    public let line: Int
    /// The column of the first byte, counted from 1 in bytes; a byte order mark does not count.
    public let column: Int
    /// The line of the delimiter, or the last line of the script.
    public let endLine: Int
}

/// A place in a script that does not span a range.
struct ScriptPosition: Sendable, Equatable {
    var offset = 0
    var line = 1
    var column = 1
}
