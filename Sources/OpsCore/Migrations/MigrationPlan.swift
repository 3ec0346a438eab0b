import Foundation

/// What the files and the ledger together mean: decided here, carried out by ``Migrator``. A pure value.
struct MigrationPlan: Sendable, Equatable {
    /// All files with their state, ascending by number; then the ledger's files that are not in the folder.
    let migrations: [MigrationStatus.Item]
    /// The files to run, in order.
    let pending: [MigrationFile]
    /// Pending files with a number below the newest applied one.
    let outOfOrder: [String]
    /// Applied according to the ledger, but not in the folder.
    let missing: [String]
    /// The applied file with the highest number.
    let latestApplied: String?

    /// - Parameters:
    ///   - target: only files up to this number are pending.
    init(_ set: MigrationSet, _ ledger: MigrationLedger, upTo target: Int? = nil) throws {
        if let target, !set.files.contains(where: { $0.version == target }) {
            throw MigrationError.unknownTarget(target)
        }
        let entries = Dictionary(ledger.entries.map { ($0.filename, $0) }, uniquingKeysWith: { first, _ in first })
        let applied = set.files.filter { entries[$0.name]?.success == true }
        let newest = applied.last
        let names = Set(set.files.map(\.name))
        let absent = ledger.entries.filter { $0.success && !names.contains($0.filename) }
            .sorted { $0.filename < $1.filename }

        pending = set.files.filter { file in
            entries[file.name]?.success != true && file.version <= target ?? .max
        }
        outOfOrder = pending.filter { $0.version < newest?.version ?? .min }.map(\.name)
        missing = absent.map(\.filename)
        latestApplied = newest?.name
        migrations =
            set.files.map { MigrationStatus.Item($0, entries[$0.name]) }
            + absent.map(MigrationStatus.Item.init(missing:))
    }

    /// Refuses pending files below the newest applied one.
    func checkOrder(allowOutOfOrder: Bool) throws {
        guard allowOutOfOrder || outOfOrder.isEmpty else {
            throw MigrationError.outOfOrder(outOfOrder, newest: latestApplied ?? "")
        }
    }
}
