import CMariaDB

/// The columns of a prepared statement's rows, whose values become text in memory that is used again for each row.
///
/// Source: the binary protocol's result set row, as both servers document it. Connector/C tells where each value begins:
/// `row_ptr` points at its length where it has one in the row.
struct BinaryColumns: ~Copyable {
    private enum Kind {
        /// Text or bytes, behind their length.
        case string
        case int8, uint8, int16, uint16, int32, uint32, int64, uint64
        case year
        case float, double
        case date
        /// With so many digits of a second's fraction.
        case moment(Int)
        case time(Int)
    }

    /// The longest is a DOUBLE, with 24 characters, or a moment, with 26.
    private static let room = 32

    private let kinds: [Kind]
    private let scratch: UnsafeMutablePointer<UInt8>
    let values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    let lengths: UnsafeMutablePointer<UInt>

    /// Nil where the type of a column is not known.
    init?(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        let fields = UnsafeBufferPointer(
            start: statement.pointee.fields, count: Int(statement.pointee.field_count))
        let kinds = fields.map(Self.kind)
        guard !kinds.contains(where: { $0 == nil }) else { return nil }
        self.kinds = kinds.compactMap(\.self)
        scratch = .allocate(capacity: kinds.count * Self.room)
        values = .allocate(capacity: kinds.count)
        lengths = .allocate(capacity: kinds.count)
    }

    deinit {
        scratch.deallocate()
        values.deallocate()
        lengths.deallocate()
    }

    private static func kind(_ field: MYSQL_FIELD) -> Kind? {
        let isUnsigned = field.flags & UInt32(UNSIGNED_FLAG) != 0
        return switch field.type {
        case MYSQL_TYPE_TINY: isUnsigned ? .uint8 : .int8
        case MYSQL_TYPE_SHORT: isUnsigned ? .uint16 : .int16
        case MYSQL_TYPE_INT24, MYSQL_TYPE_LONG: isUnsigned ? .uint32 : .int32
        case MYSQL_TYPE_LONGLONG: isUnsigned ? .uint64 : .int64
        case MYSQL_TYPE_YEAR: .year
        case MYSQL_TYPE_FLOAT: .float
        case MYSQL_TYPE_DOUBLE: .double
        case MYSQL_TYPE_DATE: .date
        case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP: .moment(min(6, Int(field.decimals)))
        case MYSQL_TYPE_TIME: .time(min(6, Int(field.decimals)))
        case MYSQL_TYPE_NULL, MYSQL_TYPE_DECIMAL, MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_VARCHAR, MYSQL_TYPE_VAR_STRING,
            MYSQL_TYPE_STRING, MYSQL_TYPE_ENUM, MYSQL_TYPE_SET, MYSQL_TYPE_BIT, MYSQL_TYPE_JSON, MYSQL_TYPE_GEOMETRY,
            MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB:
            .string
        default: nil
        }
    }

    /// Takes the row that was fetched.
    func read(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        let binds = statement.pointee.bind!
        kinds.withUnsafeBufferPointer { kinds in
            for column in 0..<kinds.count {
                guard let source = binds[column].u.row_ptr else {
                    values[column] = nil
                    lengths[column] = 0
                    continue
                }
                read(source, kinds[column], column)
            }
        }
    }

    @inline(__always)
    private func read(_ source: UnsafeMutablePointer<UInt8>, _ kind: Kind, _ column: Int) {
        if case .string = kind {
            let (skip, length) = Self.length(source)
            hold(source + skip, length, column)
            return
        }
        let target = scratch + column * Self.room
        let end = Self.print(UnsafeRawPointer(source), kind, target)
        hold(target, end - target, column)
    }

    @inline(__always)
    private func hold(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ column: Int) {
        values[column] = UnsafeMutableRawPointer(start).assumingMemoryBound(to: CChar.self)
        lengths[column] = UInt(count)
    }

    /// A length as the protocol packs it, and how many bytes that takes.
    @inline(__always)
    private static func length(_ source: UnsafeMutablePointer<UInt8>) -> (skip: Int, length: Int) {
        let raw = UnsafeRawPointer(source)
        return switch source[0] {
        case 0xFC: (3, Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt16.self)))
        case 0xFD: (4, Int(source[1]) | Int(source[2]) << 8 | Int(source[3]) << 16)
        case 0xFE: (9, Int(raw.loadUnaligned(fromByteOffset: 1, as: UInt64.self)))
        default: (1, Int(source[0]))
        }
    }

    // MARK: - Printing

    private typealias Target = UnsafeMutablePointer<UInt8>

    private static func print(_ source: UnsafeRawPointer, _ kind: Kind, _ end: Target) -> Target {
        switch kind {
        case .string: end
        case .int8: print(Int64(source.load(as: Int8.self)), end)
        case .uint8: print(UInt64(source.load(as: UInt8.self)), end)
        case .int16: print(Int64(source.loadUnaligned(as: Int16.self)), end)
        case .uint16: print(UInt64(source.loadUnaligned(as: UInt16.self)), end)
        case .int32: print(Int64(source.loadUnaligned(as: Int32.self)), end)
        case .uint32: print(UInt64(source.loadUnaligned(as: UInt32.self)), end)
        case .int64: print(source.loadUnaligned(as: Int64.self), end)
        case .uint64: print(source.loadUnaligned(as: UInt64.self), end)
        case .year: print(Int(source.loadUnaligned(as: UInt16.self)), digits: 4, end)
        case .float: print(Double(source.loadUnaligned(as: Float.self)), end)
        case .double: print(source.loadUnaligned(as: Double.self), end)
        case .date: date(source + 1, count: source.load(as: UInt8.self), end)
        case .moment(let decimals): moment(source, decimals, end)
        case .time(let decimals): time(source, decimals, end)
        }
    }

    private static func print(_ value: Int64, _ end: Target) -> Target {
        guard value < 0 else { return print(UInt64(value), end) }
        end[0] = UInt8(ascii: "-")
        return print(value.magnitude, end + 1)
    }

    private static func print(_ value: UInt64, _ end: Target) -> Target {
        var count = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        rest = value
        for position in stride(from: count - 1, through: 0, by: -1) {
            end[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return end + count
    }

    private static func print(_ value: Int, digits: Int, _ end: Target) -> Target {
        var rest = value
        for position in stride(from: digits - 1, through: 0, by: -1) {
            end[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return end + digits
    }

    /// The shortest text that is read back as the same number; a whole one without a point.
    private static func print(_ value: Double, _ end: Target) -> Target {
        var text = value.description
        return text.withUTF8 { bytes in
            var count = min(bytes.count, room)
            if count > 2, bytes[count - 1] == UInt8(ascii: "0"), bytes[count - 2] == UInt8(ascii: ".") { count -= 2 }
            end.update(from: bytes.baseAddress!, count: count)
            return end + count
        }
    }

    /// Behind the length: year, month and day, or nothing for zeros.
    private static func date(_ source: UnsafeRawPointer, count: UInt8, _ end: Target) -> Target {
        let isZero = count < 4
        var end = print(isZero ? 0 : Int(source.loadUnaligned(as: UInt16.self)), digits: 4, end)
        for part in 2...3 { end = print(isZero ? 0 : byte(source, part), digits: 2, separated("-", end)) }
        return end
    }

    /// The length is 0, 4, 7 or 11, as there is a date, a time of the day and a fraction.
    private static func moment(_ source: UnsafeRawPointer, _ decimals: Int, _ end: Target) -> Target {
        let count = source.load(as: UInt8.self)
        let source = source + 1
        var end = date(source, count: count, end)
        for part in 4...6 {
            end = print(count < 7 ? 0 : byte(source, part), digits: 2, separated(part == 4 ? " " : ":", end))
        }
        return fraction(count < 11 ? 0 : Int((source + 7).loadUnaligned(as: UInt32.self)), decimals, end)
    }

    /// The length is 0, 8 or 12: a sign, days, hours, minutes, seconds, and a fraction.
    private static func time(_ source: UnsafeRawPointer, _ decimals: Int, _ end: Target) -> Target {
        let count = source.load(as: UInt8.self)
        let source = source + 1
        var end = end
        if count >= 8, byte(source, 0) != 0 {
            end[0] = UInt8(ascii: "-")
            end += 1
        }
        let hours = count < 8 ? 0 : Int((source + 1).loadUnaligned(as: UInt32.self)) * 24 + byte(source, 5)
        end = print(hours, digits: hours > 99 ? 3 : 2, end)
        for part in 6...7 { end = print(count < 8 ? 0 : byte(source, part), digits: 2, separated(":", end)) }
        return fraction(count < 12 ? 0 : Int((source + 8).loadUnaligned(as: UInt32.self)), decimals, end)
    }

    /// Of the six digits of microseconds, those that the column has.
    private static func fraction(_ microseconds: Int, _ decimals: Int, _ end: Target) -> Target {
        guard decimals > 0 else { return end }
        let start = separated(".", end)
        _ = print(microseconds, digits: 6, start)
        return start + decimals
    }

    private static func byte(_ source: UnsafeRawPointer, _ offset: Int) -> Int {
        Int(source.load(fromByteOffset: offset, as: UInt8.self))
    }

    private static func separated(_ mark: Unicode.Scalar, _ end: Target) -> Target {
        end[0] = UInt8(ascii: mark)
        return end + 1
    }
}
