/// Reads tables over several sessions at once.
struct TableDumpTeam: Sendable {
    let writer: ArchiveWriter
    let meter: BackupProgressMeter
    let level: ArchiveLevel

    /// Reads all rows of the tables into the archive, in their order.
    /// - Parameter firstTicket: the archive's next ticket.
    /// - Returns: the next ticket after that.
    /// - Throws: the first failure of any session; the others are then interrupted and the archive is given up.
    func read(_ dumps: [TableDump], over connections: [DatabaseConnection], firstTicket: Int) async throws -> Int {
        let queue = TableDumpQueue(dumps, firstTicket: firstTicket)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask {
                    try await connection.run { session in
                        try TableDumpWorker(session, queue, TableDumpPipe(writer), meter, level: level).run()
                    }
                }
            }
            do {
                try await group.waitForAll()
            } catch {
                // Wakes the sessions that wait for a ticket which nobody will complete now.
                await writer.abort()
                throw error
            }
        }
        return queue.ticketCount
    }
}
