@testable import OpsCore

extension RowWriter {
    /// Adds a row whose values are given as bytes, as Connector/C would hand it over.
    func add(_ values: [[UInt8]?], to sink: Sink) throws {
        // Exactly as long as the value, so that a reader that looks beyond it is caught by a checking allocator.
        let texts = values.map { value in
            value.map { bytes in
                let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
                for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
                return copy
            }
        }
        defer { texts.forEach { $0?.deallocate() } }
        // One more, as an array without elements has no address.
        var pointers = texts + [nil]
        var lengths = values.map { UInt($0?.count ?? 0) } + [0]
        try pointers.withUnsafeMutableBufferPointer { pointers in
            try lengths.withUnsafeMutableBufferPointer { lengths in
                let row = MariaDBHandle.RawRow(values: pointers.baseAddress!, lengths: lengths.baseAddress!)
                try add(row, to: sink)
            }
        }
    }

    func add(_ values: [String?], to sink: Sink) throws { try add(values.map { $0.map { Array($0.utf8) } }, to: sink) }
}

/// Writes rows and keeps the statements.
struct RowRecorder {
    let writer: RowWriter
    private(set) var statements: [String] = []

    init(_ formats: [TableColumnDefinition.Format], limits: RowWriter.Limits = RowWriter.Limits()) {
        writer = RowWriter(prefix: "INSERT INTO `t` VALUES\n", columns: formats.map(RowColumn.init), limits: limits)
    }

    mutating func add(_ values: [[UInt8]?]) throws {
        try writer.add(values) { statements.append(String(decoding: $0, as: UTF8.self)) }
    }

    mutating func add(_ values: String?...) throws { try add(values.map { $0.map { Array($0.utf8) } }) }

    mutating func finish() throws {
        try writer.finish { statements.append(String(decoding: $0, as: UTF8.self)) }
    }

    /// The tuples of one row each.
    static func tuple(_ formats: [TableColumnDefinition.Format], _ values: [[UInt8]?]) throws -> String {
        var recorder = RowRecorder(formats)
        try recorder.add(values)
        try recorder.finish()
        return String(recorder.statements[0].dropFirst("INSERT INTO `t` VALUES\n".count).dropLast(2))
    }
}
