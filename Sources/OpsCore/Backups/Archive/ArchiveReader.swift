import FoundationEssentials

/// Reads an archive at any place. Opening it takes one read at the end of the file, whatever the size.
///
/// All methods may be called from several threads at once; each takes a ``MemberInflater`` of its own. They block, so
/// they do not belong on Swift's cooperative pool.
public final class ArchiveReader: Sendable {
    /// Source, totals and where the index lies.
    public let summary: ArchiveSummary
    /// When the archive was completed.
    public let completedAt: Date
    /// Bytes of the file.
    public var size: Int { file.size }
    /// The file as the caller named it.
    public var path: String { file.path }

    let file: ArchiveFile
    /// How many bytes the file has more than its trailer says; 0 unless something was cut out or put in.
    let shift: Int

    /// Opens a file, links followed.
    ///
    /// - Throws: ``ArchiveError``.
    public convenience init(path: String) throws { try self.init(ArchiveFile(path: path)) }

    /// Opens a file of a folder, links not followed.
    public convenience init(_ name: String, in folder: ArchiveFolder) throws {
        try self.init(ArchiveFile(name, in: folder))
    }

    /// Reads from a descriptor, which is copied and stays the caller's.
    public convenience init(descriptor: Int32, path: String) throws {
        try self.init(ArchiveFile(descriptor: descriptor, path: path))
    }

    /// - Parameter tolerant: takes a file of the wrong length, to find out which members are affected.
    init(_ file: ArchiveFile, tolerant: Bool = false) throws {
        let tail = try ArchiveFileTail(file)
        if tail.shift != 0, !tolerant { throw tail.wrongLength(file.path) }
        self.file = file
        shift = tail.shift
        summary = tail.summary
        completedAt = tail.trailer.completedAt
    }

    /// Reads the index: where every member lies and what it holds.
    ///
    /// - Throws: ``ArchiveError``.
    public func index() throws -> ArchiveIndex {
        let text = try ArchiveFileTail.text(
            of: summary.index, at: summary.index.offset + shift, file, .index, limit: ArchiveFormat.longestIndex)
        var check = ArchiveIndexCheck(path: path, summary: summary)
        do {
            try ArchiveDocument.decodeMembers(text) { try check.take($0) }
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(.corrupt, path, member: "index", "its text is not that of an index")
        }
        return ArchiveIndex(summary: summary, members: try check.finish())
    }

    /// Inflates one member and hands it to `body`, once its hash has been found right.
    ///
    /// Memory: the inflated member. The bytes are valid only inside `body`.
    /// - Throws: ``ArchiveError``, or what `body` throws.
    public func withMember<Result>(
        _ entry: ArchiveEntry, using inflater: MemberInflater, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        do {
            return try inflater.withBytes(of: entry.location, in: file, at: entry.location.offset, body)
        } catch let fault as MemberInflater.Fault {
            throw ArchiveError(.corrupt, path, member: entry.kind.rawValue, object: entry.object, fault.reason)
        }
    }

    /// The inflated bytes of one member, as a copy.
    public func bytes(of entry: ArchiveEntry) throws -> [UInt8] {
        try withMember(entry, using: MemberInflater()) { [UInt8]($0) }
    }
}
