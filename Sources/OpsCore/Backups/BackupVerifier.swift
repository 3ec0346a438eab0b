import Foundation

/// Looks at every byte of a backup, of this toolkit or of another, and remembers in the catalog what it found.
public struct BackupVerifier: Sendable {
    /// What was found, as `backup verify` prints it.
    public struct Finding: Encodable, Sendable, Equatable {
        /// One thing that is wrong.
        public struct Bad: Encodable, Sendable, Equatable {
            public let member: String
            @EncodedAsNull public var object: String? = nil
            public let problem: String
        }

        public let file: String
        /// True when nothing is wrong.
        public let ok: Bool
        /// Members that were looked at; 0 for a dump of another tool, which has none.
        public let members: Int
        public let bad: [Bad]
        /// What cannot be told, although nothing is wrong; empty as a rule.
        public let notes: [String]
        /// The proof by a restore that the catalog knows of.
        @EncodedAsNull public var proven: BackupResult.Proof?
    }

    private let catalog: BackupCatalog

    public init(folder: BackupFolder) { catalog = BackupCatalog(folder: folder, readers: .files) }

    /// - Throws: ``BackupFolderError`` for a file that is not there, ``ArchiveError`` for one that cannot be read.
    public func verify(_ name: BackupName) async throws -> Finding {
        let file = try catalog.folder.open(name)
        let path = file.entry.name.text
        let found = try await Report {
            try await ArchiveReader.verify(descriptor: file.descriptor, path: path)
        } ofDump: {
            try ForeignDump.inspect(descriptor: file.descriptor, path: path)
        }
        if found.bad.isEmpty { try await catalog.noteVerified(file) } else { try await catalog.noteDamaged(file) }
        return Finding(path, found, proven: try await catalog.record(name).proof)
    }

    /// The same for any file, links followed; no catalog knows it.
    public static func verify(path: String) async throws -> Finding {
        let found = try await Report {
            try await ArchiveReader.verify(path: path)
        } ofDump: {
            try ForeignDump.inspect(path: path)
        }
        return Finding(path, found, proven: nil)
    }

    /// What was found in a file of either make.
    struct Report: Sendable {
        var members = 0
        var bad: [Finding.Bad] = []
        var notes: [String] = []

        init(
            ofArchive verify: () async throws -> ArchiveVerification,
            ofDump inspect: @escaping @Sendable () throws -> ForeignDump
        ) async throws {
            do {
                let found = try await verify()
                members = found.members
                bad = found.problems.map { Finding.Bad(member: $0.member, object: $0.object, problem: $0.reason) }
            } catch let error as ArchiveError where error.problem == .foreign {
                let dump = try await BlockingCall.run { try inspect() }
                guard let reason = dump.reason else { return }
                if dump.endsUnmarked { notes = [reason] } else { bad = [Finding.Bad(member: "file", problem: reason)] }
            }
        }
    }
}

extension BackupVerifier.Finding {
    init(_ file: String, _ report: BackupVerifier.Report, proven: BackupResult.Proof?) {
        self.init(
            file: file, ok: report.bad.isEmpty, members: report.members, bad: report.bad, notes: report.notes,
            proven: proven)
    }
}

extension BackupRecord {
    /// The proof by a restore, if there was one.
    var proof: BackupResult.Proof? {
        provenAt.map { BackupResult.Proof(at: $0.formatted(.iso8601), restoreMs: restoreMs ?? 0) }
    }
}
