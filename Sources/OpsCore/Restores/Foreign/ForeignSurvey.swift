import Glibc

/// What a dump holds, found before anything is touched: everything that would be refused is refused here.
struct ForeignSurvey: Sendable {
    /// The tables that are there in the end, in the order in which they are made.
    private(set) var tables: [String] = []
    private(set) var sequences: [String] = []
    /// Rows that are written out.
    private(set) var rows = 0
    private(set) var tool = ForeignDump.Tool.unknown
    /// What the operator should know.
    private(set) var notes: [String] = []

    /// Reads the whole of a dump.
    /// - Throws: ``RestoreError`` for what does not belong into a dump, with its line, and for one that is not complete.
    init(
        _ source: RestoreSource, target: String, mapsCollations: Bool, over session: MariaDBHandle
    ) throws {
        var pass = ForeignPass(source.path, target: target, mapsCollations: mapsCollations, over: session)
        let input = try source.dump()
        do {
            try pass.run(input) { take($0.verdict) }
        } catch let error as GzipError {
            throw RestoreError.broken(source.path, "\(error)")
        } catch is ForeignDumpSource.EndlessStatement {
            throw RestoreError.broken(source.path, "statement \(pass.statements + 1) is longer than any server takes")
        } catch let error as ScriptError {
            throw RestoreError.broken(source.path, error.message)
        }
        tool = pass.tool
        notes = pass.notes + pass.judge.collations.mapped.map { "the server lacks a collation: \($0)" }
        try requireEnd(pass.end(of: input), source.path, statements: pass.statements)
    }

    private mutating func requireEnd(_ end: ForeignDumpEnd, _ path: String, statements: Int) throws {
        guard statements > 0 else { throw RestoreError.broken(path, "it holds no statement") }
        switch end.completeness {
        case .complete: break
        case .incomplete: throw RestoreError.broken(path, end.reason ?? "its end is missing")
        case .unknown:
            notes.append("whether the dump is complete cannot be told: \(end.reason ?? "nothing marks its end")")
        }
    }

    private mutating func take(_ verdict: ForeignVerdict) {
        switch verdict {
        case .definition(_, .createsTable(let name)):
            if !tables.containsExactly(name) { tables.append(name) }
        case .definition(_, .createsSequence(let name)):
            if !sequences.containsExactly(name) { sequences.append(name) }
        case .definition(_, .drops(let names)):
            tables.removeAll(where: names.containsExactly)
            sequences.removeAll(where: names.containsExactly)
        case .rows(let found, _): rows += found.count
        default: break
        }
    }
}

extension RestoreSource {
    /// The SQL of another tool's dump, from its beginning.
    func dump() throws -> ForeignDumpSource {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw ByteSourceError(operation: "read", path: path, number: errno)
        }
        return try ForeignDumpSource(ForeignDumpDescriptor(descriptor: descriptor, path: path), path: path)
    }
}

extension RestoreError {
    static func broken(_ path: String, _ reason: String) -> Self {
        Self(
            "BACKUP_DAMAGED", "\(path) is not a whole dump: \(reason); nothing was touched",
            hint: "use another backup, see: sysndd-ctl backup list", exit: .badInput)
    }
}
