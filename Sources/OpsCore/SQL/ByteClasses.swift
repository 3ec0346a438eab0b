/// For every byte, in which parts of a script the scanner has to stop at it.
struct ByteClasses: ~Copyable {
    typealias Mask = UInt8

    static let statement: Mask = 1
    static let singleQuoted: Mask = 2
    static let doubleQuoted: Mask = 4
    static let backtickQuoted: Mask = 8
    static let blockComment: Mask = 16
    static let lineComment: Mask = 32

    private let table: UnsafeMutablePointer<Mask>

    init() {
        table = .allocate(capacity: 256)
        table.initialize(repeating: 0, count: 256)
        let quoted = Self.singleQuoted | Self.doubleQuoted | Self.backtickQuoted
        mark("\n\r\0", Self.statement | quoted | Self.blockComment | Self.lineComment)
        mark("'\"`\\#-/*", Self.statement)
        mark("'\\", Self.singleQuoted)
        mark("\"\\", Self.doubleQuoted)
        mark("`\\", Self.backtickQuoted)
        mark("*/", Self.blockComment)
    }

    deinit { table.deallocate() }

    private func mark(_ bytes: String, _ mask: Mask) {
        for byte in bytes.utf8 { table[Int(byte)] |= mask }
    }

    /// Makes the scanner stop at the first byte of a delimiter. Marks of former delimiters stay: they cost a look.
    func mark(delimiterStart byte: UInt8) { table[Int(byte)] |= Self.statement }

    static func inside(quote: UInt8) -> Mask {
        switch quote {
        case ASCII.singleQuote: singleQuoted
        case ASCII.doubleQuote: doubleQuoted
        default: backtickQuoted
        }
    }

    /// The first index from `start` on at which a byte of the class stands, or `end`.
    @inline(__always)
    func next(_ mask: Mask, in bytes: UnsafeMutablePointer<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index &+ 4 <= end {
            let pointer = bytes + index
            if table[Int(pointer[0])] & mask != 0 { return index }
            if table[Int(pointer[1])] & mask != 0 { return index &+ 1 }
            if table[Int(pointer[2])] & mask != 0 { return index &+ 2 }
            if table[Int(pointer[3])] & mask != 0 { return index &+ 3 }
            index &+= 4
        }
        while index < end, table[Int(bytes[index])] & mask == 0 { index &+= 1 }
        return index
    }
}
