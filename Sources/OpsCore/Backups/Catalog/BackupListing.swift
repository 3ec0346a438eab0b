import Synchronization

/// The list of a backup folder for callers that wait for an answer.
///
/// What takes long to read, such as large dumps of other tools, is listed as not read yet. It is read meanwhile, by one
/// reader at a time however many ask, and a later list tells it.
public final class BackupListing: Sendable {
    private let readers: BackupCatalogReaders
    private let largest: Int
    private let isReading = Mutex(false)

    /// - Parameter largest: dumps of other tools up to so many bytes are read at once.
    public init(readers: BackupCatalogReaders = .files, largest: Int = 256 << 20) {
        self.readers = readers
        self.largest = largest
    }

    /// Every backup, newest first.
    /// - Parameter limit: after this time no further file is opened.
    /// - Throws: ``BackupFolderError``.
    public func records(of folder: BackupFolder, within limit: Duration) async throws -> [BackupRecord] {
        let catalog = BackupCatalog(folder: folder, readers: readers)
        let records = try await catalog.list(readLimit: limit) { [largest] in $0.size <= largest }
        if !records.allSatisfy(\.isRead) { read(catalog) }
        return records
    }

    private func read(_ catalog: BackupCatalog) {
        let isFirst = isReading.withLock { isReading in
            defer { isReading = true }
            return !isReading
        }
        guard isFirst else { return }
        Task.detached(priority: .background) { [self] in
            _ = try? await catalog.list()
            isReading.withLock { $0 = false }
        }
    }
}
