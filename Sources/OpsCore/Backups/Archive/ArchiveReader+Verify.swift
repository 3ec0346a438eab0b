extension ArchiveReader {
    /// How thoroughly members are looked at.
    public enum Depth: Sendable {
        /// Compares the SHA-256 of every member: the bytes are those that were written.
        case hashes
        /// Inflates every member too: what was written can be read.
        case contents
    }

    /// Looks at every byte of a file.
    ///
    /// - Parameters:
    ///   - jobs: threads that work at the same time.
    ///   - onMember: told each member after it was looked at, in no order, from any thread.
    /// - Returns: what is wrong, also where the file has no end or no readable index.
    /// - Throws: ``ArchiveError`` for a file that cannot be read or is not an archive; `CancellationError`.
    public static func verify(
        path: String, depth: Depth = .contents, jobs: Int = 2, onMember: (@Sendable (ArchiveEntry) -> Void)? = nil
    ) async throws -> ArchiveVerification {
        try await verify(depth: depth, jobs: jobs, onMember: onMember) { try ArchiveFile(path: path) }
    }

    /// The same for a file of a folder, links not followed.
    public static func verify(
        _ name: String, in folder: ArchiveFolder, depth: Depth = .contents, jobs: Int = 2,
        onMember: (@Sendable (ArchiveEntry) -> Void)? = nil
    ) async throws -> ArchiveVerification {
        try await verify(depth: depth, jobs: jobs, onMember: onMember) { try ArchiveFile(name, in: folder) }
    }

    /// The same for a file that is open. The descriptor is copied and stays the caller's.
    public static func verify(
        descriptor: Int32, path: String, depth: Depth = .contents, jobs: Int = 2,
        onMember: (@Sendable (ArchiveEntry) -> Void)? = nil
    ) async throws -> ArchiveVerification {
        let file = try ArchiveFile(descriptor: descriptor, path: path)
        return try await verify(depth: depth, jobs: jobs, onMember: onMember) { file }
    }

    private static func verify(
        depth: Depth, jobs: Int, onMember: (@Sendable (ArchiveEntry) -> Void)?,
        opening open: @escaping @Sendable () throws -> ArchiveFile
    ) async throws -> ArchiveVerification {
        do {
            let (reader, members) = try await BlockingCall.run {
                let reader = try ArchiveReader(open(), tolerant: true)
                return (reader, try reader.index().members)
            }
            return try await reader.verify(members, depth: depth, jobs: jobs, onMember: onMember)
        } catch let error as ArchiveError {
            guard let problem = ArchiveProblem(error) else { throw error }
            return ArchiveVerification(members: 0, problems: [problem])
        }
    }

    private func verify(
        _ members: [ArchiveEntry], depth: Depth, jobs: Int, onMember: (@Sendable (ArchiveEntry) -> Void)?
    ) async throws -> ArchiveVerification {
        let work = ArchiveVerificationWork(count: members.count)
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<max(1, min(jobs, members.count)) {
                    group.addTask {
                        try await BlockingCall.run { try self.work(off: members, work, depth, onMember) }
                    }
                }
                try await group.waitForAll()
            }
        } onCancel: {
            work.stop()
        }
        try Task.checkCancellation()
        return ArchiveVerification(members: members.count, problems: try fileProblems() + work.problems)
    }

    private func work(
        off members: [ArchiveEntry], _ work: ArchiveVerificationWork, _ depth: Depth,
        _ onMember: (@Sendable (ArchiveEntry) -> Void)?
    ) throws {
        let inflater = MemberInflater()
        while let number = work.next() {
            let entry = members[number]
            if let problem = try problem(of: entry, named: entry.name(number), depth, inflater) {
                work.add(problem, at: number)
            }
            onMember?(entry)
        }
    }

    /// In a file of the wrong length, the members behind the damage are found where they are now.
    private func problem(
        of entry: ArchiveEntry, named name: String, _ depth: Depth, _ inflater: MemberInflater
    ) throws -> ArchiveProblem? {
        let first = try reason(entry, at: entry.location.offset, depth, inflater)
        guard let first else { return nil }
        if shift != 0, try reason(entry, at: entry.location.offset + shift, depth, inflater) == nil { return nil }
        return ArchiveProblem(member: name, object: entry.object, kind: shift < 0 ? .missing : .corrupt, reason: first)
    }

    private func reason(
        _ entry: ArchiveEntry, at offset: Int, _ depth: Depth, _ inflater: MemberInflater
    ) throws -> String? {
        guard offset >= 0, offset + entry.location.length <= size else { return "its bytes are not in the file" }
        do {
            switch depth {
            case .hashes: try inflater.checkHash(entry.location, in: file, at: offset)
            case .contents: try inflater.check(entry.location, in: file, at: offset)
            }
            return nil
        } catch let fault as MemberInflater.Fault {
            return fault.reason
        } catch let error as ArchiveError where error.problem == .unreadable {
            // A bad block of the disk: the other members can still be told about.
            return error.reason
        }
    }

    private func fileProblems() throws -> [ArchiveProblem] {
        var problems: [ArchiveProblem] = []
        if shift != 0 {
            let reason = "the file has \(abs(shift)) bytes \(shift < 0 ? "less" : "more") than its trailer says"
            problems.append(
                ArchiveProblem(member: "file", object: nil, kind: shift < 0 ? .missing : .corrupt, reason: reason))
        }
        if try file.bytes(at: 0, count: min(size, ArchiveFormat.signature.count)) != ArchiveFormat.signature {
            problems.append(
                ArchiveProblem(member: "signature", object: nil, kind: .corrupt, reason: "its bytes are damaged"))
        }
        return problems
    }
}
