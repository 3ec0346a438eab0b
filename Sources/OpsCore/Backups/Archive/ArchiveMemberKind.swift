/// What a gzip member of an archive holds.
///
/// A kind that a reader does not know could hold something that has to be restored; so new kinds need a new major
/// format version, and an index that names an unknown kind is refused.
public enum ArchiveMemberKind: String, Sendable, Codable, CaseIterable {
    /// The first 56 bytes, by which an archive is known. Not in the index.
    case signature
    /// Comments about the source, and session settings.
    case header
    /// CREATE SEQUENCE of one sequence, and its value.
    case sequence
    /// CREATE TABLE of one table.
    case table
    /// INSERT statements of one range of one table.
    case rows
    /// Secondary indexes or foreign keys of one table that are added after its rows.
    case keys
    /// A stored package, its body included.
    case package
    /// A function or procedure.
    case routine
    /// A view.
    case view
    /// A trigger.
    case trigger
    /// An event.
    case event
    /// Session settings put back.
    case footer
    /// Where every other member lies. Not in itself.
    case index
    /// Totals and source, small enough for listings. Not in the index.
    case summary
    /// The last 256 bytes. Not in the index.
    case trailer

    /// Whether members of this kind are made by the writer alone and are not listed in the index.
    public var isStructural: Bool {
        switch self {
        case .signature, .index, .summary, .trailer: true
        case .header, .sequence, .table, .rows, .keys, .package, .routine, .view, .trigger, .event, .footer: false
        }
    }
}
