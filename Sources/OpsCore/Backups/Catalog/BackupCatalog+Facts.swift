import Foundation

extension BackupCatalog {
    /// Remembers how much table data a new archive was made of, for the estimate of the next one.
    /// - Parameter dataBytes: bytes that the server said the tables have.
    public func noteCreated(_ file: BackupFolder.File, dataBytes: Int) async throws {
        try await note(file) { $0.dataBytes = dataBytes }
    }

    /// Remembers that the whole file was read and found undamaged.
    /// - Throws: ``BackupFolderError`` when that cannot be written.
    public func noteVerified(_ file: BackupFolder.File, at date: Date = Date()) async throws {
        try await note(file) { facts in
            facts.verifiedAt = date
            facts.damagedAt = nil
        }
    }

    /// Remembers that the file was restored and that what was restored equals it, which also verifies it.
    /// - Parameter restoreMs: how long the restore took, in milliseconds.
    public func noteProven(_ file: BackupFolder.File, at date: Date = Date(), restoreMs: Int) async throws {
        try await note(file) { facts in
            facts.verifiedAt = date
            facts.provenAt = date
            facts.restoreMs = restoreMs
            facts.damagedAt = nil
        }
    }

    /// Remembers that the file was found damaged: it counts as incomplete from now on, and as neither verified nor
    /// proven.
    public func noteDamaged(_ file: BackupFolder.File, at date: Date = Date()) async throws {
        try await note(file) { facts in
            facts.damagedAt = date
            facts.verifiedAt = nil
            facts.provenAt = nil
            facts.restoreMs = nil
        }
    }

    /// `file` is the open file that the fact was found with. A fact about one that has been changed, replaced or removed
    /// since is dropped, so it is never told of another one of that name.
    private func note(
        _ file: BackupFolder.File, _ change: @escaping @Sendable (inout BackupCatalogFacts) -> Void
    ) async throws {
        try await BlockingCall.run {
            // Opened again, because the caller goes on reading from where the descriptor stands.
            guard let again = try? folder.open(file.entry.name), again.entry == file.entry else { return }
            guard let summary = store.load().summary(of: file.entry) ?? summary(of: again) else {
                throw BackupFolderError(.unreadable, "cannot read \(folder.path)/\(file.entry.name)")
            }
            try store.update { state in
                guard folder.entry(file.entry.name) == file.entry else { return }
                state.note(file.entry, summary, change)
            }
        }
    }
}
