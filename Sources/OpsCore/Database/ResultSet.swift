/// A result that is held in memory as a whole.
public struct ResultSet: Sendable, RandomAccessCollection {
    /// Column names, in order.
    public let columns: [String]
    let values: [[[UInt8]?]]

    public var startIndex: Int { values.startIndex }
    public var endIndex: Int { values.endIndex }
    public subscript(position: Int) -> DatabaseRow { DatabaseRow(columns: columns, values: values[position]) }
}

/// One row of a ``ResultSet``; values are the bytes that the server sent.
public struct DatabaseRow: Sendable {
    /// Column names, in order.
    public let columns: [String]
    /// One value a column; nil is NULL.
    public let values: [[UInt8]?]

    /// The value of column `index` as text; nil is NULL.
    public func text(_ index: Int) -> String? { values[index].map { String(decoding: $0, as: UTF8.self) } }

    /// The value of the column called `name` as text; nil is NULL. A name that the result does not have is a mistake of
    /// the caller.
    public func text(_ name: String) -> String? {
        guard let index = columns.firstIndex(where: { $0.caseInsensitiveEquals(name) }) else {
            preconditionFailure("the result has no column \(name), only \(columns)")
        }
        return text(index)
    }

    /// The value as a whole number; nil for NULL and for anything else.
    public func int(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    /// The value as a whole number; nil for NULL and for anything else.
    public func int(_ index: Int) -> Int? { text(index).flatMap { Int($0) } }
    /// The value as a truth value: a number other than 0.
    public func bool(_ name: String) -> Bool { (int(name) ?? 0) != 0 }
}

extension String {
    func caseInsensitiveEquals(_ other: String) -> Bool { self == other || lowercased() == other.lowercased() }
}
