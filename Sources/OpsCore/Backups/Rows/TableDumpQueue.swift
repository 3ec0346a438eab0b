import Synchronization

/// Hands out the parts of all tables, in the order in which the archive will hold them, and learns from what they came to
/// how to cut the next ones.
final class TableDumpQueue: Sendable {
    private struct State {
        var nextTicket = 0
        /// The table that is being cut.
        var table = 0
        var cursor: KeyRangeCursor?
        var isCutting = false
    }

    private let dumps: [TableDump]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - dumps: in the order of the archive.
    ///   - firstTicket: the place of the first part.
    init(_ dumps: [TableDump], firstTicket: Int = 0) {
        self.dumps = dumps
        state = Mutex(State(nextTicket: firstTicket))
    }

    /// The next part to read; nil when there is none left. The border of a range is looked up over the caller's session;
    /// other callers wait for the moment that this takes, so that the parts are cut in order.
    func next(over session: MariaDBHandle) throws -> TableDumpUnit? {
        try state.withLock { state in
            while state.table < dumps.count {
                if let unit = try cut(&state, session) { return unit }
                state.table += 1
                state.isCutting = false
            }
            return nil
        }
    }

    /// How many tickets were handed out, with those before the first.
    var ticketCount: Int { state.withLock { $0.nextTicket } }

    /// Takes in how many bytes of SQL a part came to.
    func learn(_ unit: TableDumpUnit, bytes: Int) {
        guard let step = unit.step else { return }
        state.withLock { state in
            guard state.table == unit.tableIndex else { return }
            state.cursor?.learn(step, bytes: bytes)
        }
    }

    /// The next part of the present table; nil when it has been handed out completely.
    private func cut(_ state: inout State, _ session: MariaDBHandle) throws -> TableDumpUnit? {
        let dump = dumps[state.table]
        let isFirst = !state.isCutting
        if isFirst {
            state.isCutting = true
            state.cursor = dump.cursor()
        }
        guard state.cursor != nil else { return isFirst ? unit(&state, dump, nil) : nil }
        let step = try state.cursor?.next { query in
            try session.query(query).first.map { row in (0..<row.columns.count).map { row.text($0) ?? "" } }
        }
        return step.map { unit(&state, dump, $0) }
    }

    private func unit(_ state: inout State, _ dump: TableDump, _ step: KeyRangeCursor.Step?) -> TableDumpUnit {
        defer { state.nextTicket += 1 }
        return TableDumpUnit(ticket: state.nextTicket, dump: dump, tableIndex: state.table, step: step)
    }
}
