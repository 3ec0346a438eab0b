/// One column of the rows that a ``RowWriter`` gets.
struct RowColumn: Sendable {
    let style: RowStyle
    /// What stands before each literal, such as `_sjis `.
    let introducer: [UInt8]

    init(_ format: TableColumnDefinition.Format) {
        style = RowStyle(format)
        introducer = if case .encodedText(let name) = format { Array("_\(name) ".utf8) } else { [] }
    }

    /// The most bytes that a value's literal has beside twice the value's own: quotes, the comma behind it, and an
    /// introducer, which is `_binary ` at most where it has none of its own.
    var overhead: Int { 12 + introducer.count }
}
