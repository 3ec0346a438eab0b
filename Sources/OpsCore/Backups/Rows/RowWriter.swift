/// Writes rows as INSERT statements of many rows each, into one buffer that is used again.
///
/// Nothing is allocated for a row, and no value becomes a String.
final class RowWriter {
    /// How large things get, in bytes.
    struct Limits: Sendable {
        /// A statement is ended when it has become this long.
        var statement = 1 << 20
        /// Values of bytes from this length on are escaped and not written in hexadecimal digits: those double the value,
        /// where the server that restores it may take no longer packet than 16 MiB, MariaDB's default; and digits of
        /// bytes that cannot be compressed take a compressor three times as long as those bytes, and a tenth more room.
        var longBytes = 256
    }

    /// Gets each statement, `;` and line end included; the bytes are valid during the call.
    typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    private let prefixLength: Int
    private let columns: [RowColumn]
    /// Bytes of a row beside twice those of its values.
    private let overhead: Int
    private let limits: Limits
    private let text = RowText()
    private var buffer: RowBuffer
    private var rowsInStatement = 0
    /// Of all rows since it was last taken.
    private(set) var checksum = RowChecksum()

    /// - Parameters:
    ///   - prefix: the statement up to the first tuple: `INSERT INTO … VALUES`, with a line end.
    ///   - columns: those of the rows to come.
    init(prefix: String, columns: [RowColumn], limits: Limits = Limits()) {
        self.columns = columns
        self.limits = limits
        // The parentheses, the separator before them and the end of the statement behind them.
        overhead = columns.reduce(8) { $0 + $1.overhead }
        prefixLength = prefix.utf8.count
        buffer = RowBuffer(capacity: limits.statement + limits.statement / 4)
        var prefix = prefix
        prefix.withUTF8 { buffer.append(UnsafeRawBufferPointer($0)) }
    }

    /// Adds one row; statements that are complete go to `sink`.
    func add(_ row: MariaDBHandle.RawRow, to sink: Sink) throws {
        let longest = longestTuple(of: row)
        if rowsInStatement > 0, buffer.count + longest > limits.statement { try endStatement(sink) }
        buffer.reserve(longest)
        var end = buffer.end
        if rowsInStatement > 0 {
            end[0] = UInt8(ascii: ",")
            end[1] = UInt8(ascii: "\n")
            end += 2
        }
        let tuple = end
        end = write(row, end)
        checksum.add(tuple, count: end - tuple)
        buffer.advance(to: end)
        rowsInStatement += 1
        if buffer.count >= limits.statement { try endStatement(sink) }
    }

    /// Ends the statement that is being written, if there is one.
    func finish(_ sink: Sink) throws {
        if rowsInStatement > 0 { try endStatement(sink) }
    }

    /// The checksum of the rows that were added since the last call.
    func takeChecksum() -> RowChecksum {
        defer { checksum = RowChecksum() }
        return checksum
    }

    private func endStatement(_ sink: Sink) throws {
        // `overhead` leaves room for these two.
        let end = buffer.end
        end[0] = UInt8(ascii: ";")
        end[1] = UInt8(ascii: "\n")
        buffer.advance(to: end + 2)
        rowsInStatement = 0
        try sink(buffer.bytes)
        buffer.truncate(to: prefixLength, keeping: limits.statement * 2)
    }

    /// Every byte may become two.
    private func longestTuple(of row: MariaDBHandle.RawRow) -> Int {
        var bytes: UInt = 0
        for column in 0..<columns.count { bytes += row.lengths[column] }
        return Int(bytes) * 2 + overhead
    }

    private func write(_ row: MariaDBHandle.RawRow, _ start: RowText.Target) -> RowText.Target {
        var end = start
        end.pointee = UInt8(ascii: "(")
        end += 1
        columns.withUnsafeBufferPointer { columns in
            for column in 0..<columns.count {
                if let value = row.values[column] {
                    let source = UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self)
                    end = write(source, Int(row.lengths[column]), columns[column], end)
                } else {
                    end = Self.null(end)
                }
                end.pointee = UInt8(ascii: ",")
                end += 1
            }
        }
        // Over the last comma, if there is one.
        if !columns.isEmpty { end -= 1 }
        end.pointee = UInt8(ascii: ")")
        return end + 1
    }

    @inline(__always)
    private func write(
        _ source: RowText.Source, _ count: Int, _ column: RowColumn, _ end: RowText.Target
    ) -> RowText.Target {
        switch column.style {
        case .number: text.copy(source, count, end)
        case .float: text.float(source, count, end)
        case .plain: text.plain(source, count, end)
        case .text: text.quote(source, count, end)
        case .bytes:
            count < limits.longBytes ? text.hexadecimal(source, count, end) : text.binary(source, count, end)
        case .encoded: text.hexadecimal(source, count, text.copy(column.introducer, column.introducer.count, end))
        }
    }

    @inline(__always)
    private static func null(_ end: RowText.Target) -> RowText.Target {
        UnsafeMutableRawPointer(end).storeBytes(of: UInt32(littleEndian: 0x4c4c_554e), as: UInt32.self)
        return end + 4
    }
}
