/// One way through a dump, from its first statement to its last: every statement is judged, settings of the session are
/// made, and everything else goes to a visitor.
struct ForeignPass {
    /// One statement, with its place.
    struct Step {
        let verdict: ForeignVerdict
        /// The statement as it stands; valid during the visit.
        let text: UnsafeRawBufferPointer
        let line: Int
    }

    let path: String
    let session: MariaDBHandle
    private(set) var judge: ForeignGuard
    private(set) var tool = ForeignDump.Tool.unknown
    private(set) var statements = 0
    private(set) var notes: [String] = []
    private var frame = ForeignDumpFrame()

    init(_ path: String, target: String, mapsCollations: Bool, over session: MariaDBHandle) {
        self.path = path
        self.session = session
        var marks: [[UInt8]: Bool] = [:]
        let server = ForeignGuard.Server { mark in
            if let known = marks[mark] { return known }
            let executes = try Self.executes(mark, session)
            marks[mark] = executes
            return executes
        } knowsCollation: { name in
            try Self.knows(name, session)
        }
        judge = ForeignGuard(
            target: target, collations: ForeignCollations(isMapping: mapsCollations), server: server)
    }

    /// - Parameter visit: does what the verdict says, all but settings of the session.
    /// - Throws: ``RestoreError`` with the line, ``ScriptError``, ``ByteSourceError``; `CancellationError`.
    mutating func run(_ source: ForeignDumpSource, visit: (Step) throws -> Void) throws {
        var lexer = ScriptLexer(source: source, path: path, dialect: session.dialect)
        judge.characterSet = try currentCharacterSet()
        // The comments before the first statement are only known when that is read.
        if let first = try lexer.next() {
            tool = ForeignDump.Tool(header: lexer.header)
            judge.take(lexer.header)
            try first.withBorrowed { try take($0, visit) }
        }
        repeat {
            source.markStatement()
            lexer.dialect = session.dialect
            judge.dialect = session.dialect
            try Task.checkCancellation()
        } while try lexer.withNext({ try take($0, visit) }) != nil
    }

    private mutating func take(_ item: BorrowedScriptItem, _ visit: (Step) throws -> Void) throws {
        switch item {
        case .clientCommand(let command):
            throw RestoreError.refused(
                path, line: command.line, ForeignRefusal("the client's command \(command.name)"))
        case .statement(let text, let location):
            note(text)
            do {
                try follow(Step(verdict: judge.judge(text), text: text, line: location.line), visit)
            } catch let refusal as ForeignRefusal {
                throw RestoreError.refused(path, line: location.line, refusal)
            } catch let error as DatabaseError {
                try Task.checkCancellation()
                throw RestoreError.refused(path, line: location.line, by: error)
            }
        }
    }

    private mutating func follow(_ step: Step, _ visit: (Step) throws -> Void) throws {
        switch step.verdict {
        case .session(let text):
            try text.withUnsafeBytes { _ = try session.execute(bytes: $0) }
            judge.characterSet = try currentCharacterSet()
        case .pass(let note?):
            if !notes.contains(note) { notes.append(note) }
        case .pass(nil): break
        default: try visit(step)
        }
    }

    /// What tells who made the dump, and whether its end is there.
    private mutating func note(_ text: UnsafeRawBufferPointer) {
        let head = [UInt8](text.prefix(400))
        statements += 1
        if statements <= 2, tool == .unknown, ForeignDump.Tool.isMydumper(head, statements) { tool = .mydumper }
        frame.take(head)
    }

    /// What the end of the file tells.
    func end(of source: ForeignDumpSource) -> ForeignDumpEnd {
        ForeignDumpEnd(tool: tool, tail: source.tail, frame: frame, damage: source.damage, failure: nil)
    }

    // MARK: - What only the server knows

    private func currentCharacterSet() throws -> String {
        try session.query("SELECT @@character_set_client").first?.text(0) ?? ""
    }

    private static func executes(_ mark: [UInt8], _ session: MariaDBHandle) throws -> Bool {
        let text = "SELECT 0 \(String(decoding: mark, as: UTF8.self)) + 1 */"
        return try session.query(SQLQuery(unquoted: text)).first?.int(0) == 1
    }

    private static func knows(_ collation: String, _ session: MariaDBHandle) throws -> Bool {
        do {
            _ = try session.query("SELECT _utf8mb4 'a' COLLATE \(identifier: collation)")
            return true
        } catch let error as DatabaseError where error.number == 1273 {
            return false
        }
    }
}

extension ScriptItem {
    /// Hands the item over as the lexer does.
    fileprivate func withBorrowed(_ body: (BorrowedScriptItem) throws -> Void) throws {
        switch self {
        case .clientCommand(let command): try body(.clientCommand(command))
        case .statement(let statement):
            try statement.text.withUnsafeBytes { try body(.statement(text: $0, location: statement.location)) }
        }
    }
}
