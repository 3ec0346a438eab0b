/// Cuts a table into ranges of its key, one after another from the first row to the last.
///
/// Each border is a key that exists. A single whole number is stepped through by adding, and the next key that exists is
/// looked up, so a gap costs one look; any other key is found by counting rows along the index.
struct KeyRangeCursor {
    /// One range, and how wide it was meant to be.
    struct Step: Equatable {
        var range: KeyRange
        var width: Int
    }

    /// Asks the server for the first row of a query; nil for no row.
    typealias Ask = (SQLQuery) throws -> [String]?

    private let key: KeyRangeKey
    private let table: String
    private(set) var step: KeyRangeStep
    private var lower: [String]?
    private var isDone = false

    init(table: String, key: KeyRangeKey, step: KeyRangeStep) {
        self.table = table
        self.key = key
        self.step = step
    }

    /// The next range; nil when the table is covered.
    mutating func next(_ ask: Ask) throws -> Step? {
        guard !isDone else { return nil }
        let width = step.width
        let border = try key.isWholeNumber ? keyAfter(width, ask) : keyOfRow(width, ask)
        defer { lower = border }
        isDone = border == nil
        return Step(range: KeyRange(lower: lower, upper: border), width: width)
    }

    /// Takes in what a range came to.
    mutating func learn(width: Int, bytes: Int) { step.learn(width: width, bytes: bytes) }

    /// The first key that lies at least `width` behind the lower border.
    private func keyAfter(_ width: Int, _ ask: Ask) throws -> [String]? {
        guard let first = try lower ?? ask(query(where: nil, skipping: 0)), let start = Int128(first[0]) else {
            return nil
        }
        return try ask(query(where: KeyRange(lower: ["\(start + Int128(width))"], upper: nil), skipping: 0))
    }

    /// The key of the row that lies `width` rows behind the lower border.
    private func keyOfRow(_ width: Int, _ ask: Ask) throws -> [String]? {
        try ask(query(where: lower.map { KeyRange(lower: $0, upper: nil) }, skipping: width)).map { values in
            zip(key.columns, values).map { $0.literal($1) }
        }
    }

    private func query(where range: KeyRange?, skipping rows: Int) -> SQLQuery {
        let names = key.columns.map { SQLQuery.identifier($0.name) }.joined(separator: ", ")
        let condition = range?.condition(on: key.columns).map { " WHERE \($0)" } ?? ""
        return SQLQuery(
            unquoted: "SELECT \(key.columns.map(\.selection).joined(separator: ", ")) FROM "
                + SQLQuery.identifier(table) + key.hint + condition + " ORDER BY \(names) LIMIT 1 OFFSET \(rows)")
    }
}
