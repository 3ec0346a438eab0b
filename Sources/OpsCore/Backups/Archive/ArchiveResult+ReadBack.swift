extension ArchiveResult {
    /// Reads the file again and compares every byte with what was written.
    ///
    /// - Parameter jobs: threads that work at the same time.
    /// - Returns: what differs; empty when all is well.
    /// - Throws: ``ArchiveError`` for a file that cannot be read; `CancellationError`.
    func readBack(_ file: ArchiveFile, jobs: Int) async throws -> [ArchiveProblem] {
        let work = ArchiveVerificationWork(count: pieces.count)
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<max(1, jobs) {
                    group.addTask { try await BlockingCall.run { try compare(file, work) } }
                }
                try await group.waitForAll()
            }
        } onCancel: {
            work.stop()
        }
        try Task.checkCancellation()
        let excess = file.size == size ? [] : [problem("file", nil, "it has \(file.size) bytes and not \(size)")]
        return work.problems + excess
    }

    private func compare(_ file: ArchiveFile, _ work: ArchiveVerificationWork) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        while let number = work.next() {
            let piece = pieces[number]
            let isWithin = piece.offset + piece.length <= file.size
            if isWithin, try piece.isIn(file, using: buffer) { continue }
            let reason = isWithin ? "other bytes than were written" : "its bytes are not in the file"
            let member = index.members.firstIndex { $0.location.offset == piece.offset }
            let name = member.map { index.members[$0].name($0) } ?? "file"
            work.add(problem(name, member.flatMap { index.members[$0].object }, reason), at: number)
        }
    }

    private func problem(_ member: String, _ object: String?, _ reason: String) -> ArchiveProblem {
        ArchiveProblem(member: member, object: object, kind: .corrupt, reason: reason)
    }
}
