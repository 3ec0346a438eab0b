import Foundation

extension BackupChecks {
    /// Every byte of the newest backup is as it was written.
    enum Checksums: ObservedCheck {
        static let id = "BAK-202"
        static let title = "the newest backup's checksums are right"

        struct Observation: Sendable {
            var file: String
            var members: Int
            var problems: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let newest = try await context.backups.newest()
            guard let name = BackupName(newest.filename) else { throw CheckSkipped("no backup") }
            let file = try context.backups.folder().open(name)
            do {
                let found = try await ArchiveReader.verify(
                    descriptor: file.descriptor, path: name.text, depth: .hashes)
                return Observation(
                    file: name.text, members: found.members,
                    problems: found.problems.map { "\($0.member): \($0.reason)" })
            } catch let error as ArchiveError where error.problem == .foreign {
                let dump = try await BlockingCall.run {
                    try ForeignDump.inspect(descriptor: file.descriptor, path: name.text)
                }
                return Observation(file: name.text, members: 0, problems: dump.reason.map { [$0] } ?? [])
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "every byte as it was written"
            guard !observed.problems.isEmpty else {
                let kind =
                    observed.members > 0 ? "\(observed.members) members" : "a dump of another tool, its end is there"
                return .pass("\(observed.file): \(kind)", expected: expected)
            }
            return .fail(
                "\(observed.file) is damaged: \(DatabaseChecks.list(observed.problems, limit: 3))", expected: expected,
                remedy: "sysndd-ctl backup --kind manual; and look at the disk: dmesg | tail")
        }
    }

    /// No backup lacks its end.
    enum Trailer: ObservedCheck {
        static let id = "BAK-203"
        static let title = "every backup has its end"

        struct Observation: Sendable {
            /// Newest first.
            var incomplete: [String]
            var unread: Int
            var count: Int
            var newest: String
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let newest = try await context.backups.newest()
            let records = try await context.backups.ownRecords()
            return Observation(
                incomplete: records.filter { $0.isRead && !$0.isComplete }.map(\.filename),
                unread: records.count { !$0.isRead }, count: records.count, newest: newest.filename)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "a complete trailer in all of \(observed.count) files"
            if !observed.incomplete.isEmpty {
                return CheckVerdict(
                    observed.incomplete.contains(observed.newest) ? .fail : .warn,
                    "incomplete or damaged: \(DatabaseChecks.list(observed.incomplete))", expected: expected,
                    remedy: "sysndd-ctl backup verify \(observed.incomplete[0])")
            }
            if observed.unread > 0 {
                return .warn(
                    "\(observed.unread) of \(observed.count) could not be read yet", expected: expected,
                    remedy: "sysndd-ctl backup list")
            }
            return .pass("all \(observed.count) are complete", expected: expected)
        }
    }

    /// The newest backup is about as large as those before it.
    enum Size: ObservedCheck {
        static let id = "BAK-205"
        static let title = "size of the newest backup against the median of the last ten"

        struct Observation: Sendable {
            var file: String
            /// In bytes.
            var size: Int
            /// Of those before it, at most ten; nil with fewer than three.
            var median: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let isCounted: @Sendable (BackupRecord) -> Bool = { $0.isComplete && $0.kind != .foreign }
            let newest = try await context.backups.newest(where: isCounted)
            // Newest first.
            let earlier = try await context.backups.ownRecords().drop { $0.filename != newest.filename }.dropFirst()
            let sizes = earlier.filter(isCounted).prefix(10).map(\.sizeBytes).sorted()
            return Observation(
                file: newest.filename, size: newest.sizeBytes, median: sizes.count < 3 ? nil : sizes[sizes.count / 2])
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "between half and twice the median"
            let size = DatabaseChecks.size(observed.size)
            guard let median = observed.median, median > 0 else {
                return CheckVerdict(
                    .skip, "\(size), fewer than three earlier backups to compare with", expected: expected)
            }
            let percent = observed.size * 100 / median
            let text = "\(observed.file) has \(size), \(percent) % of the median \(DatabaseChecks.size(median))"
            let remedy = "sysndd-ctl backup diff \(observed.file)"
            if percent < 25 { return .fail(text, expected: expected, remedy: remedy) }
            return (50...200).contains(percent)
                ? .pass(text, expected: expected) : .warn(text, expected: expected, remedy: remedy)
        }
    }
}
