/// Packs the rows of one range of a table into archive members of bounded size.
final class RowPacker {
    /// A member is ended when it has become this long, in bytes of SQL. A row that is longer is in one of its own.
    static let memberSize = 4 << 20

    private let writer: RowWriter
    private let compressor: MemberCompressor
    private let table: String
    private let range: String?
    private let deliver: (ArchiveMember) throws -> Void
    private var memberBytes = 0
    private var memberSum = RowChecksum()
    /// Bytes of SQL of all members so far.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - range: the keys of the rows, for people.
    ///   - deliver: gets each member but the last.
    init(
        _ writer: RowWriter, compressor: MemberCompressor, table: String, range: String?,
        deliver: @escaping (ArchiveMember) throws -> Void
    ) {
        self.writer = writer
        self.compressor = compressor
        self.table = table
        self.range = range
        self.deliver = deliver
    }

    func add(_ row: MariaDBHandle.RawRow) throws {
        try writer.add(row) { try take($0) }
    }

    /// Ends the last member and returns it; nil when it has no row.
    func finish() throws -> ArchiveMember? {
        try writer.finish { try take($0) }
        return memberBytes > 0 ? endMember() : nil
    }

    private func take(_ statement: UnsafeRawBufferPointer) throws {
        if memberBytes > 0, memberBytes + statement.count > Self.memberSize { try deliver(endMember()) }
        compressor.append(statement)
        memberBytes += statement.count
        memberSum.add(writer.takeChecksum())
    }

    private func endMember() -> ArchiveMember {
        let label = MemberLabel(
            .rows, object: table, rows: memberSum.rows, rowChecksum: memberSum.text, range: range)
        bytes += memberBytes
        memberBytes = 0
        memberSum = RowChecksum()
        return compressor.finish(as: label)
    }
}
