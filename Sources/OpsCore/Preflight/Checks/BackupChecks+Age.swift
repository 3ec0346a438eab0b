import Foundation

extension BackupChecks {
    /// The newest scheduled backup is from last night.
    enum Age: ObservedCheck {
        static let id = "BAK-201"
        static let title = "age of the newest scheduled backup"

        struct Observation: Sendable {
            var folder: String
            /// Why the folder cannot be listed.
            var failure: String?
            var file: String?
            /// In hours.
            var age: Double = 0
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let folder = context.backups.path
            do {
                let newest = try await context.backups.ownRecords().first { $0.kind == .scheduled && $0.isComplete }
                let age = newest.map { context.now().timeIntervalSince($0.createdAt) / 3600 }
                return Observation(folder: folder, file: newest?.filename, age: age ?? 0)
            } catch let error as BackupFolderError {
                return Observation(folder: folder, failure: error.message)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a complete scheduled backup younger than 26 h in \(observed.folder)"
            let remedy = "sysndd-ctl backup --kind scheduled; then see why the schedule did not run"
            if let failure = observed.failure { return .fail(failure, expected: expected, remedy: remedy) }
            guard let file = observed.file else {
                return .fail("no complete scheduled backup", expected: expected, remedy: remedy)
            }
            let text = "\(file), \(Int(observed.age.rounded())) h old"
            if observed.age < -1 {
                return .warn(
                    "\(file) is from the future", expected: expected, remedy: "timedatectl # whose clock is wrong?")
            }
            if observed.age >= 48 { return .fail(text, expected: expected, remedy: remedy) }
            return observed.age >= 26
                ? .warn(text, expected: expected, remedy: remedy) : .pass(text, expected: expected)
        }
    }

    /// A backup has been restored for proof, not long ago.
    enum Proof: ObservedCheck {
        static let id = "BAK-204"
        static let title = "age of the newest proven backup"

        struct Observation: Sendable {
            var file: String?
            /// Days since it was proven.
            var age: Double = 0
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            _ = try await context.backups.newest()
            let proven = try await context.backups.ownRecords().first { $0.provenAt != nil && $0.isComplete }
            let age = proven?.provenAt.map { context.now().timeIntervalSince($0) / 86_400 }
            return Observation(file: proven?.filename, age: age ?? 0)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a backup that was restored for proof within the last 8 days"
            let remedy = "sysndd-ctl backup verify --prove \(observed.file ?? "latest")"
            guard let file = observed.file else {
                return .warn("no backup was ever restored for proof", expected: expected, remedy: remedy)
            }
            let text = "\(file), proven \(Int(observed.age)) days ago"
            return observed.age <= 8
                ? .pass(text, expected: expected)
                : .warn(text, expected: expected, remedy: "sysndd-ctl backup --kind manual --prove")
        }
    }

    /// Pruning leaves a backup that is known to be restorable.
    enum Retention: ObservedCheck {
        static let id = "BAK-209"
        static let title = "retention leaves a proven backup"

        struct Observation: Sendable {
            var keeps: Int
            var kept: Int
            var keptProven: Int
            var proven: Int
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            _ = try await context.backups.newest()
            let records = try await context.backups.ownRecords()
            let policy = RetentionPolicy(last: context.settings.backups.maxBackups)
            let kept = Set(policy.decide(records, now: context.now()).filter { $0.action == .keep }.map(\.filename))
            let proven = records.filter { $0.provenAt != nil && $0.isComplete }
            return Observation(
                keeps: context.settings.backups.maxBackups, kept: kept.count,
                keptProven: proven.count { kept.contains($0.filename) }, proven: proven.count)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a proven backup among those that are kept"
            let text =
                "MAX_BACKUPS = \(observed.keeps): \(observed.kept) are kept, \(observed.keptProven) of them proven"
            return observed.keptProven > 0
                ? .pass(text, expected: expected)
                : .warn(text, expected: expected, remedy: "sysndd-ctl backup --kind manual --prove")
        }
    }
}
