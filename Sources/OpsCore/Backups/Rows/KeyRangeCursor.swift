/// Cuts a table into ranges of its key, one after another from the first row to the last.
///
/// Whole numbers are stepped through by adding, and the next one that exists is looked up, so a gap costs one look. Of a
/// key of several columns that is done with the first, as long as no range becomes too large by it: the server then has one
/// number to compare in each row. Any other border is a key that is found by counting rows along the index, which reads
/// them once more than needed.
struct KeyRangeCursor {
    /// One range, and how wide it was meant to be.
    struct Step: Equatable {
        var range: KeyRange
        var width: Int
        var borders: Borders
    }

    /// How the border behind a range is found.
    enum Borders: Equatable {
        /// The width is that of numbers in the first column.
        case stepped
        /// The width is a number of rows.
        case counted
    }

    /// Asks the server for the first row of a query; nil for no row.
    typealias Ask = (SQLQuery) throws -> [String]?

    private let key: KeyRangeKey
    private let table: String
    private(set) var step: KeyRangeStep
    /// What the step was at first: about as many rows as a range should have.
    private let rowStep: KeyRangeStep
    /// Nil until the first range.
    private var borders: Borders?
    private var lower: [String]?
    private var isDone = false

    /// A range of a key of several columns that is so many times too large tells that its first is not enough.
    private static let mostExcess = 8

    init(table: String, key: KeyRangeKey, step: KeyRangeStep) {
        self.table = table
        self.key = key
        self.step = step
        rowStep = step
    }

    /// The next range; nil when the table is covered.
    mutating func next(_ ask: Ask) throws -> Step? {
        guard !isDone else { return nil }
        let borders = try decide(ask)
        let width = step.width
        let border = try borders == .stepped ? numberAfter(width, ask) : keyOfRow(width, ask)
        defer { lower = border }
        isDone = border == nil
        return Step(range: KeyRange(lower: lower, upper: border), width: width, borders: borders)
    }

    /// Takes in what a range came to.
    mutating func learn(_ read: Step, bytes: Int) {
        guard read.borders == borders else { return }
        if read.borders == .stepped, key.columns.count > 1, bytes / Self.mostExcess > step.target {
            borders = .counted
            step = rowStep
        } else {
            step.learn(width: read.width, bytes: bytes)
        }
    }

    /// Looks, once, how many rows share the first number of a key of several columns, not farther than a range should
    /// reach.
    private mutating func decide(_ ask: Ask) throws -> Borders {
        if let borders { return borders }
        var decision = key.beginsWithNumber ? Borders.stepped : .counted
        if key.beginsWithNumber, key.columns.count > 1, let first = try ask(query(where: nil, columns: 1)) {
            let rows = try ask(rowCount(of: first[0], limit: step.width)).flatMap { Int($0[0]) } ?? 1
            if rows < step.width { step.divide(by: rows) } else { decision = .counted }
        }
        borders = decision
        return decision
    }

    /// The first number that lies at least `width` behind the lower border.
    private func numberAfter(_ width: Int, _ ask: Ask) throws -> [String]? {
        guard let first = try lower ?? ask(query(where: nil, columns: 1)), let start = Int128(first[0]) else {
            return nil
        }
        return try ask(query(where: KeyRange(lower: ["\(start + Int128(width))"], upper: nil), columns: 1))
    }

    /// The key of the row that lies `width` rows behind the lower border.
    private func keyOfRow(_ width: Int, _ ask: Ask) throws -> [String]? {
        let range = lower.map { KeyRange(lower: $0, upper: nil) }
        return try ask(query(where: range, columns: key.columns.count, skipping: width)).map { values in
            zip(key.columns, values).map { $0.literal($1) }
        }
    }

    private func query(where range: KeyRange?, columns count: Int, skipping rows: Int = 0) -> SQLQuery {
        let columns = key.columns.prefix(count)
        let names = columns.map { SQLQuery.identifier($0.name) }.joined(separator: ", ")
        let condition = range?.condition(on: key.columns).map { " WHERE \($0)" } ?? ""
        return SQLQuery(
            unquoted: "SELECT \(columns.map(\.selection).joined(separator: ", ")) FROM "
                + SQLQuery.identifier(table) + key.hint + condition + " ORDER BY \(names) LIMIT 1 OFFSET \(rows)")
    }

    private func rowCount(of number: String, limit: Int) -> SQLQuery {
        let column = SQLQuery.identifier(key.columns[0].name)
        return SQLQuery(
            unquoted: "SELECT COUNT(*) FROM (SELECT \(column) FROM \(SQLQuery.identifier(table))\(key.hint) "
                + "WHERE \(column) = \(number) LIMIT \(limit)) AS counted")
    }
}
