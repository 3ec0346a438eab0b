/// Everything that is known of an archive without inflating its data: the summary, and every member.
public struct ArchiveIndex: Codable, Sendable, Equatable {
    /// Source and totals.
    public let summary: ArchiveSummary
    /// The members in the order of the file; the structural ones are not among them.
    public let members: [ArchiveEntry]

    /// The members that belong to one object, its table definition and rows for example, in the order of the file.
    public func members(of object: String) -> [ArchiveEntry] { members.filter { $0.object == object } }
}
