import FoundationEssentials

/// What follows the last member: index, summary and trailer, each of which says where the one before it lies.
struct ArchiveTail {
    let summary: ArchiveSummary
    /// The bytes, in the order of the file.
    let parts: [[UInt8]]

    /// - Parameter offset: where the index will begin.
    init(
        _ source: ArchiveSource, totals: ArchiveSummary.Totals, entries: [ArchiveEntry], offset: Int, completedAt: Date
    ) throws {
        let compressor = MemberCompressor()
        let index = try Self.member(.index, ArchiveDocument.encode(entries), ArchiveFormat.longestIndex, compressor)
        let indexLocation = ArchiveEntry(index, at: offset).location
        summary = ArchiveSummary(source: source, totals: totals, index: indexLocation)
        let text = try ArchiveDocument.encode(summary)
        let document = try Self.member(.summary, text, ArchiveFormat.longestSummary, compressor)
        let location = ArchiveEntry(document, at: offset + index.bytes.count).location
        parts = [index.bytes, document.bytes, ArchiveTrailer(summary: location, completedAt: completedAt).bytes]
    }

    private static func member(
        _ kind: ArchiveMemberKind, _ text: [UInt8], _ limit: Int, _ compressor: MemberCompressor
    ) throws -> ArchiveMember {
        // What no reader would take must not be written.
        guard text.count <= limit else { throw TooLong(kind: kind, length: text.count) }
        return text.withUnsafeBytes { compressor.compress($0, as: MemberLabel(kind)) }
    }

    struct TooLong: Error, CustomStringConvertible {
        let kind: ArchiveMemberKind
        let length: Int
        var description: String { "its \(kind) would have \(length) bytes" }
    }
}
