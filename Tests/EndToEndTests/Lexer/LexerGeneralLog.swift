/// The statements in a server's general log, by connection, byte for byte.
struct LexerGeneralLog {
    /// The statements of a connection that came after `SET @lexer_run = 'NAME'`, by that name.
    private(set) var statements: [String: [[UInt8]]] = [:]

    init(_ log: [UInt8]) {
        var names: [Int: String] = [:]
        for record in Self.records(log) {
            if let name = Self.runName(record) {
                names[record.connection] = name
                statements[name] = []
            } else if let name = names[record.connection], let text = Self.statement(record) {
                statements[name]?.append(text)
            }
        }
    }

    private struct Record {
        var connection: Int
        var command: String
        var text: [UInt8]
    }

    private static let commands = [
        "Query", "Init DB", "Connect", "Quit", "Statistics", "Ping", "Prepare", "Execute", "Close stmt",
    ]

    /// The marker that names a run, as the statement is sent.
    static func marker(_ name: String) -> String { "SET @lexer_run = '\(name)'" }

    private static func runName(_ record: Record) -> String? {
        guard record.command == "Query", record.text.starts(with: "SET @lexer_run = '".utf8) else { return nil }
        return String(decoding: record.text.dropFirst(18).dropLast(), as: UTF8.self)
    }

    /// The client asks for the current database before every USE, which it sends by a call of its own.
    private static func statement(_ record: Record) -> [UInt8]? {
        switch record.command {
        case "Query": record.text == Array("SELECT DATABASE()".utf8) ? nil : record.text
        case "Init DB": Array("USE `".utf8) + record.text.flatMap { $0 == 0x60 ? [$0, $0] : [$0] } + [0x60]
        default: nil
        }
    }

    private static func records(_ log: [UInt8]) -> [Record] {
        var records: [Record] = []
        for line in log.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if let record = header(line) {
                records.append(record)
            } else if !records.isEmpty {
                records[records.count - 1].text += [0x0A] + line
            }
        }
        // The last line feed ends the file and belongs to no statement.
        if records.last?.text.last == 0x0A { records[records.count - 1].text.removeLast() }
        return records
    }

    /// `yymmdd hh:mm:ss`, or a tab in its place, a tab, the connection, the command, a tab, the text.
    private static func header(_ line: ArraySlice<UInt8>) -> Record? {
        var rest = line
        if rest.first == 0x09 {
            rest = rest.dropFirst()
        } else {
            guard rest.count > 16, rest.prefix(6).allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            rest = rest.dropFirst(15)
        }
        guard rest.popFirst() == 0x09, rest.first == 0x20 else { return nil }
        rest = rest.drop { $0 == 0x20 }
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest.dropFirst(digits.count)
        guard let connection = Int(String(decoding: digits, as: UTF8.self)), rest.popFirst() == 0x20 else { return nil }
        let command = rest.prefix { $0 != 0x09 }
        let name = String(decoding: command, as: UTF8.self)
        guard commands.contains(name) else { return nil }
        return Record(connection: connection, command: name, text: Array(rest.dropFirst(command.count + 1)))
    }
}
