/// Loads members with rows over one session, one after another, each in a transaction of its own.
struct ShadowLoaderWorker {
    /// How often a member is tried that the server gives up in favour of another session.
    private static let attempts = 10

    let session: MariaDBHandle
    let reader: ArchiveReader
    let queue: ShadowLoaderQueue
    let meter: RestoreProgressMeter
    let memory: ShadowLoaderMemory?

    /// Works until nothing is left.
    /// - Throws: ``RestoreError``, which names the table; ``ArchiveError``; `CancellationError`.
    func run() throws {
        let inflater = MemberInflater()
        while let unit = queue.next() {
            try Task.checkCancellation()
            switch unit {
            case .rows(let entry): try load(entry, inflater)
            case .keys(let keys): try make(keys)
            }
        }
    }

    private func load(_ entry: ArchiveEntry, _ inflater: MemberInflater) throws {
        do {
            try reader.withMember(entry, using: inflater) { try load($0, of: entry) }
        } catch let error as DatabaseError {
            // A statement that was interrupted for it fails in its own words.
            try Task.checkCancellation()
            throw RestoreError(loading: entry, error)
        } catch is InsertStatements.Malformed {
            throw ArchiveError(
                .corrupt, reader.path, member: entry.kind.rawValue, object: entry.object,
                "it does not hold the statements that an archive holds")
        }
        queue.finish(entry)
        meter.update { $0.rows += entry.rows ?? 0 }
    }

    private func make(_ keys: ShadowLoaderKeys) throws {
        do {
            try keys.make(session)
        } catch let error as DatabaseError {
            try Task.checkCancellation()
            throw RestoreError(indexing: keys.table, error)
        }
    }

    private func load(_ sql: UnsafeRawBufferPointer, of entry: ArchiveEntry) throws {
        for attempt in 1... {
            do {
                try session.execute("START TRANSACTION")
                try InsertStatements.forEach(in: sql) { try session.execute(bytes: $0) }
                if let memory { try session.execute(memory.note(entry)) }
                try session.execute("COMMIT")
                return
            } catch let error as DatabaseError where Self.mayPass(error) && attempt < Self.attempts {
                try session.execute("ROLLBACK")
            }
        }
    }

    private static func mayPass(_ error: DatabaseError) -> Bool {
        error.kind == .deadlock || error.kind == .lockWaitTimeout
    }
}
