import Synchronization

/// Hands out the members with rows, in the order of the archive, so that the largest tables come first; and the indexes of a
/// table as soon as all its rows are in.
final class ShadowLoaderQueue: Sendable {
    /// What one session does at a time.
    enum Unit: Sendable {
        case rows(ArchiveEntry)
        case keys(ShadowLoaderKeys)
    }

    private struct State {
        var position = 0
        /// Members of tables with indexes to make that are not loaded yet.
        var remaining: [[UInt8]: Int] = [:]
        var ready: [ShadowLoaderKeys] = []
    }

    private let entries: [ArchiveEntry]
    private let keys: [[UInt8]: ShadowLoaderKeys]
    private let state: Mutex<State>

    init(_ entries: [ArchiveEntry], keys: [ShadowLoaderKeys] = []) {
        self.entries = entries
        let named = Dictionary(keys.map { (Array($0.table.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        self.keys = named
        var state = State(remaining: named.mapValues { _ in 0 })
        for entry in entries {
            let table = Array((entry.object ?? "").utf8)
            if named[table] != nil { state.remaining[table, default: 0] += 1 }
        }
        state.ready = named.filter { state.remaining[$0.key] == 0 }.map(\.value)
        self.state = Mutex(state)
    }

    /// Something that nobody has taken; nil when there is nothing now.
    func next() -> Unit? {
        state.withLock { state in
            if let keys = state.ready.popLast() { return .keys(keys) }
            guard state.position < entries.count else { return nil }
            defer { state.position += 1 }
            return .rows(entries[state.position])
        }
    }

    /// Told each member that is loaded, before its session asks for more.
    func finish(_ entry: ArchiveEntry) {
        let table = Array((entry.object ?? "").utf8)
        guard let keys = keys[table] else { return }
        state.withLock { state in
            let left = (state.remaining[table] ?? 1) - 1
            state.remaining[table] = left
            if left == 0 { state.ready.append(keys) }
        }
    }
}
