/// The one pass over a dump.
struct ForeignDumpScan {
    let source: ForeignDumpSource
    private(set) var tool = ForeignDump.Tool.unknown
    private(set) var tables = ForeignDumpTables()
    private(set) var statementCount = 0
    private var frame = ForeignDumpFrame()
    /// Why the text could not be read to its end.
    private var failure: String?
    private let visit: (UnsafeRawBufferPointer) throws -> Void

    /// - Parameter visit: gets the text of each statement; what it throws ends the pass.
    init(_ source: ForeignDumpSource, visit: @escaping (UnsafeRawBufferPointer) throws -> Void = { _ in }) {
        self.source = source
        self.visit = visit
    }

    /// - Throws: ``ByteSourceError``, and what `visit` throws; whatever is wrong with the content shows in ``end``.
    mutating func run() throws {
        var lexer = ScriptLexer(source: source)
        do {
            while try step(&lexer) { source.markStatement() }
            if statementCount == 0 { tool = ForeignDump.Tool(header: lexer.header) }
        } catch let error as ScriptError {
            failure = "\(error)"
            try? source.drain()
        } catch is GzipError {
            failure = source.damage.map { "\($0)" }
        } catch is ForeignDumpSource.EndlessStatement {
            failure = "statement \(statementCount + 1) is longer than any server takes"
        }
    }

    private mutating func step(_ lexer: inout ScriptLexer) throws -> Bool {
        var item: BorrowedItem?
        _ = try lexer.withNext { borrowed in
            item = BorrowedItem(borrowed)
            if case .statement(let text, _) = borrowed { try visit(text) }
        }
        guard let item else { return false }
        guard case .statement(let head) = item else { return true }
        statementCount += 1
        if statementCount == 1 { tool = ForeignDump.Tool(header: lexer.header) }
        if statementCount <= 2, tool == .unknown, ForeignDump.Tool.isMydumper(head, statementCount) { tool = .mydumper }
        tables.take(head)
        frame.take(head)
        return true
    }

    /// What the end of the file tells, once ``run()`` is over.
    var end: ForeignDumpEnd {
        ForeignDumpEnd(tool: tool, tail: source.tail, frame: frame, damage: source.damage, failure: failure)
    }

    /// As much of an item as is looked at.
    private enum BorrowedItem {
        case statement([UInt8])
        case command

        init(_ item: BorrowedScriptItem) {
            self =
                switch item {
                case .statement(let text, _): .statement([UInt8](text.prefix(400)))
                case .clientCommand: .command
                }
        }
    }
}
