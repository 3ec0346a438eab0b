import Foundation

/// Looks at every byte of a backup, of this toolkit or of another, and remembers in the catalog what it found.
public struct BackupVerifier: Sendable {
    /// What was found, as `backup verify` prints it.
    public struct Finding: Encodable, Sendable, Equatable {
        /// One thing that is wrong.
        public struct Bad: Encodable, Sendable, Equatable {
            public let member: String
            @EncodedAsNull public var object: String?
            public let problem: String
        }

        public let file: String
        /// True when nothing is wrong.
        public let ok: Bool
        /// Members that were looked at; 0 for a dump of another tool, which has none.
        public let members: Int
        public let bad: [Bad]
        /// The proof by a restore that the catalog knows of.
        @EncodedAsNull public var proven: BackupResult.Proof?
    }

    private let catalog: BackupCatalog

    public init(folder: BackupFolder) { catalog = BackupCatalog(folder: folder, readers: .files) }

    /// - Throws: ``BackupFolderError`` for a file that is not there, ``ArchiveError`` for one that cannot be read.
    public func verify(_ name: BackupName) async throws -> Finding {
        let file = try catalog.folder.open(name)
        let (members, bad) = try await look(at: file)
        if bad.isEmpty { try await catalog.noteVerified(file) } else { try await catalog.noteDamaged(file) }
        let record = try await catalog.record(name)
        return Finding(
            file: name.text, ok: bad.isEmpty, members: members, bad: bad, proven: record.proof)
    }

    private func look(at file: BackupFolder.File) async throws -> (Int, [Finding.Bad]) {
        do {
            let found = try await ArchiveReader.verify(descriptor: file.descriptor, path: file.entry.name.text)
            return (
                found.members, found.problems.map { .init(member: $0.member, object: $0.object, problem: $0.reason) }
            )
        } catch let error as ArchiveError where error.problem == .foreign {
            let dump = try await BlockingCall.run {
                try ForeignDump.inspect(descriptor: file.descriptor, path: file.entry.name.text)
            }
            let problem = dump.reason.map { Finding.Bad(member: "file", object: nil, problem: $0) }
            return (0, problem.map { [$0] } ?? [])
        }
    }
}

extension BackupRecord {
    /// The proof by a restore, if there was one.
    var proof: BackupResult.Proof? {
        provenAt.map { BackupResult.Proof(at: $0.formatted(.iso8601), restoreMs: restoreMs ?? 0) }
    }
}
