/// Takes the entries of an index one by one and refuses what no writer makes: members must follow each other without
/// gap or overlap from the signature to the index, and add up to the totals.
///
/// As every member needs some bytes of the file, an index cannot have more entries than the file has room for.
struct ArchiveIndexCheck {
    private let path: String
    private let summary: ArchiveSummary
    private var entries: [ArchiveEntry] = []
    private var totals = ArchiveSummary.Totals()
    private var position = ArchiveFormat.signature.count

    init(path: String, summary: ArchiveSummary) {
        self.path = path
        self.summary = summary
    }

    mutating func take(_ entry: ArchiveEntry) throws(ArchiveError) {
        let name = entry.name(entries.count)
        guard !entry.kind.isStructural else { throw bad("\(name) is not of a kind that belongs there") }
        guard entry.location.offset == position, let end = entry.location.end, end <= summary.index.offset else {
            throw bad("\(name) is not where the member before it ends")
        }
        // Deflate cannot do better than 1,032 to one.
        guard entry.location.inflatedLength <= ArchiveFormat.longestMember,
            entry.location.inflatedLength / 1032 <= entry.location.length
        else { throw bad("\(name) claims to inflate to \(entry.location.inflatedLength) bytes") }
        guard (0...1 << 48).contains(entry.rows ?? 0) else { throw bad("\(name) claims an impossible number of rows") }
        position = end
        entries.append(entry)
        totals.add(entry)
    }

    func finish() throws(ArchiveError) -> [ArchiveEntry] {
        guard position == summary.index.offset else { throw bad("its last member does not end where the index begins") }
        guard totals == summary.totals else { throw bad("its members do not add up to the totals of the summary") }
        return entries
    }

    private func bad(_ reason: String) -> ArchiveError { ArchiveError(.corrupt, path, member: "index", reason) }
}
