import Foundation
import Synchronization

/// Takes one table out of a backup, as SQL for the plain client.
public struct BackupExtraction: Sendable {
    /// Where the SQL goes, piece by piece; the bytes are valid only inside the call.
    public typealias Sink = @Sendable (UnsafeRawBufferPointer) throws -> Void

    private let backup: BackupReference
    private let table: String

    public init(_ backup: BackupReference, table: String) {
        self.backup = backup
        self.table = table
    }

    /// Writes the table's definition, rows and triggers, and before them the sequences that its columns draw from, between
    /// the settings of the session that they need.
    ///
    /// Of an archive, only these members are read; the dump of another tool is read from front to back, and its triggers
    /// and sequences are left out.
    /// - Returns: what the operator should know of what was left out.
    /// - Throws: ``BackupError`` with code `TABLE_NOT_IN_BACKUP`, `TABLE_AMBIGUOUS` or `BACKUP_INCOMPLETE`,
    ///   ``ArchiveError``, ``ByteSourceError``; what `sink` throws; `CancellationError`. What was written until then is
    ///   not the whole table.
    public func write(to sink: @escaping Sink) async throws -> [String] {
        let stop = StopSign()
        return try await withTaskCancellationHandler {
            try await BlockingCall.run {
                do {
                    return try writeArchive(to: sink, stop)
                } catch let error as ArchiveError where error.problem == .foreign {
                    return try writeForeign(to: sink, stop)
                }
            }
        } onCancel: {
            stop.isSet.store(true, ordering: .relaxed)
        }
    }

    private func writeArchive(to sink: Sink, _ stop: StopSign) throws -> [String] {
        let parts = try BackupExtractionParts(of: table, in: backup)
        let inflater = MemberInflater()
        try write(comment + SchemaHeader.begin, to: sink)
        for member in parts.members {
            try stop.check()
            try parts.reader.withMember(member, using: inflater, sink)
        }
        try write(SchemaHeader.end, to: sink)
        return parts.sequences.map {
            "the sequence \(SQLQuery.identifier($0)), which the table draws from, is made again too, where it stood in the backup"
        }
    }

    private func writeForeign(to sink: @escaping Sink, _ stop: StopSign) throws -> [String] {
        let dump = ForeignDumpDescriptor(descriptor: backup.file.descriptor, path: backup.name)
        var filter = ForeignTableFilter(table: table)
        try write(comment, to: sink)
        var scan = ForeignDumpScan(try ForeignDumpSource(dump, path: backup.name)) { text in
            try stop.check()
            guard try filter.takes([UInt8](text.prefix(ForeignTableFilter.headLength))) else { return }
            try sink(text)
            try write(";\n", to: sink)
        }
        try scan.run()
        let end = scan.end
        if end.completeness == .incomplete { throw BackupError.incomplete(backup.name, end.reason) }
        guard filter.isFound else { throw BackupError.tableNotFound(table, backup.name) }
        let doubt = end.completeness == .unknown ? ["\(backup.name) may not be complete: \(end.reason ?? "")"] : []
        return doubt + filter.leftOut
    }

    private var comment: String {
        let text = "table \(SQLQuery.identifier(table)) of \(backup.name), by sysndd-ctl \(ToolVersion.current)"
        return "-- \(SchemaScript.commentText(text))\n\n"
    }

    private func write(_ text: String, to sink: Sink) throws { try Array(text.utf8).withUnsafeBytes(sink) }

    /// Tells a blocking loop that its task was cancelled.
    private final class StopSign: Sendable {
        let isSet = Atomic(false)

        func check() throws {
            if isSet.load(ordering: .relaxed) { throw CancellationError() }
        }
    }
}
