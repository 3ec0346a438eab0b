import Foundation

/// What is asked of the migration files and of the ledger.
enum MigrationChecks {
    static let all: [Check] = [
        Check(Complete.self), Check(Pending.self), Check(Drifted.self), Check(Failed.self), Check(Locked.self),
        Check(LongTransactions.self), Check(CopySpace.self), Check(PostConditions.self, deadline: .seconds(60)),
    ]

    /// The folder has every file that was applied, and no number twice.
    enum Complete: ObservedCheck {
        static let id = "MIG-101"
        static let title = "the migration files are complete, no number twice"

        struct Observation: Sendable {
            var directory: String
            /// Nil when the folder can be used.
            var problem: MigrationError?
            var files = 0
            /// In the ledger, but not in the folder.
            var missing: [String] = []
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let directory = context.migrations.directory
            do {
                let files = try await BlockingCall.run { try MigrationSet(directory: directory).files.count }
                let missing = try await context.migrations.status().missing
                return Observation(directory: directory, files: files, missing: missing)
            } catch let error as MigrationError {
                return Observation(directory: directory, problem: error)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "every applied file in \(observed.directory), each number once"
            if let problem = observed.problem {
                return .fail(
                    problem.message, expected: expected, remedy: problem.hint ?? "give the right MIGRATIONS_DIR")
            }
            guard observed.missing.isEmpty else {
                return .fail(
                    "applied, but not in the folder: \(DatabaseChecks.list(observed.missing))", expected: expected,
                    remedy: "check out the release that runs in production, or give the right MIGRATIONS_DIR")
            }
            return .pass("\(observed.files) files", expected: expected)
        }
    }

    /// Nothing is left to apply.
    enum Pending: ObservedCheck {
        static let id = "MIG-102"
        static let title = "no migration is pending"

        struct Observation: Sendable {
            var pending: [String]
            var outOfOrder: [String]
            var applied: Int
            /// AUTO_MIGRATE: the shim applies them when it starts.
            var isAutomatic: Bool
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let status = try await context.migrations.status()
            return Observation(
                pending: status.migrations.filter { $0.state == .pending }.map(\.file),
                outOfOrder: status.outOfOrder, applied: status.applied,
                isAutomatic: context.settings.server.autoMigrate)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "0 pending"
            guard !observed.pending.isEmpty else {
                return .pass("\(observed.applied) applied, 0 pending", expected: expected)
            }
            let text = "\(observed.pending.count) pending: \(DatabaseChecks.list(observed.pending))"
            if !observed.outOfOrder.isEmpty {
                return .fail(
                    "\(text); below the newest applied one: \(DatabaseChecks.list(observed.outOfOrder))",
                    expected: expected, remedy: "sysndd-ctl migrate plan --allow-out-of-order")
            }
            return CheckVerdict(
                observed.isAutomatic ? .warn : .fail, text, expected: expected,
                remedy: "sysndd-ctl migrate plan && sysndd-ctl migrate --backup")
        }
    }

    /// No file broke off.
    enum Failed: ObservedCheck {
        static let id = "MIG-104"
        static let title = "no migration has failed"

        static func observe(_ context: PreflightContext) async throws -> [String] {
            try await context.migrations.status().migrations.filter { $0.state == .failed }.map(\.file)
        }

        static func judge(_ observed: [String]) -> CheckVerdict {
            guard let first = observed.first else { return .pass("none", expected: "none") }
            return .fail(
                "failed: \(DatabaseChecks.list(observed))", expected: "none",
                remedy: "sysndd-ctl migrate status; correct \(first), then sysndd-ctl migrate")
        }
    }

    /// Nobody holds the lock that a migration needs.
    enum Locked: ObservedCheck {
        static let id = "MIG-105"
        static let title = "the migration lock is free"

        static func observe(_ context: PreflightContext) async throws -> MigrationStatus.Lock {
            try await context.migrations.status().lock
        }

        static func judge(_ observed: MigrationStatus.Lock) -> CheckVerdict {
            guard observed.locked else { return .pass("free", expected: "free") }
            return .warn(
                "held by \(observed.holder ?? "a session that this account may not see")", expected: "free",
                remedy: "wait for it; when nothing runs any more: sysndd-ctl migrate unlock")
        }
    }
}
