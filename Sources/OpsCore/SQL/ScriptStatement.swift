/// One statement, as it is sent to the server.
///
/// White space and comments before and after a statement are not part of it; comments inside it are, so that
/// stored routines keep theirs. `\r\n` has become `\n`, as the client makes it.
public struct ScriptStatement: Sendable, Equatable {
    /// The bytes for the server.
    public let text: [UInt8]
    /// Where it stands in the script.
    public let location: ScriptLocation

    /// Its number, counted from 1.
    public var index: Int { location.index }
    /// Its offsets in the input, without the delimiter.
    public var byteRange: Range<Int> { location.byteRange }
    /// The line of its first byte, counted from 1.
    public var line: Int { location.line }
    /// The column of its first byte, counted from 1 in bytes.
    public var column: Int { location.column }
    /// The line of its delimiter.
    public var endLine: Int { location.endLine }

    /// The text for people; bytes that are not UTF-8 become U+FFFD.
    public var sql: String { String(decoding: text, as: UTF8.self) }
}
