import Synchronization

/// Hands out the members with rows, in the order of the archive, so that the largest tables come first.
final class ShadowLoaderQueue: Sendable {
    private let entries: [ArchiveEntry]
    private let position = Mutex(0)

    init(_ entries: [ArchiveEntry]) { self.entries = entries }

    /// A member that nobody has taken; nil when there is none.
    func next() -> ArchiveEntry? {
        position.withLock { position in
            guard position < entries.count else { return nil }
            defer { position += 1 }
            return entries[position]
        }
    }
}
