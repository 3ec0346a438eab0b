import Foundation

/// What a job's row holds of what it did, for a notice.
struct JobResult: Sendable {
    private let fields: [String: any Sendable]
    /// Nil unless the job was a backup.
    let backup: BackupResult?

    /// Nil for a job that has not succeeded.
    init?(_ job: Job) {
        guard job.status == .completed, let json = job.result.map({ Data($0.utf8) }) else { return nil }
        fields = (try? JSONSerialization.jsonObject(with: json) as? [String: any Sendable]) ?? [:]
        backup = job.operation == .backupCreate ? try? JSONDecoder().decode(BackupResult.self, from: json) : nil
    }

    /// The end of a sentence; nil where nothing was done.
    func summary(of operation: Job.Operation) -> String? {
        switch operation {
        case .backupCreate: "\(name("file")), \(number("table_count")) tables, \(number("size_bytes")) bytes"
        case .backupRestore:
            "\(number("tables")) tables, \(number("rows")) rows of \(name("restored_from")); what was there is in "
                + name("safety_backup")
        case .backupUndo: "what was there before the restore of \(name("archive")) is back"
        case .backupVerify: nil
        case .migrate: number("total_applied") > 0 ? "\(number("total_applied")) files applied" : nil
        }
    }

    private func number(_ field: String) -> Int { fields[field] as? Int ?? 0 }

    private func name(_ field: String) -> String {
        URL(filePath: fields[field] as? String ?? "?").lastPathComponent
    }
}
