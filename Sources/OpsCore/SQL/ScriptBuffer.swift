#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The one block of memory of a lexer: the statement that is being collected, followed by bytes not yet looked at.
///
///     |  text of the statement  | removed |  scanned, to be kept  |  not scanned  |  free  |
///     textStart            textEnd      segment                cursor            end
///
/// As long as nothing has been removed from a statement, `textEnd == segment` and keeping bytes costs nothing. The
/// block grows to the largest statement and no further. Bytes are moved only when less than a quarter of the block is
/// free, and then at least half of it is, so the work stays linear however long a statement is.
struct ScriptBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var textStart = 0
    private(set) var textEnd = 0
    private(set) var segment = 0
    var cursor = 0
    private(set) var end = 0
    private var capacity: Int
    /// Added to an index of the part that is not yet kept, it gives the offset in the input.
    private var shift = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = Self.resized(nil, to: capacity)
    }

    deinit { free(base) }

    private static func resized(_ old: UnsafeMutablePointer<UInt8>?, to size: Int) -> UnsafeMutablePointer<UInt8> {
        guard let block = realloc(old, size) else { fatalError("out of memory for a statement of \(size) bytes") }
        return block.assumingMemoryBound(to: UInt8.self)
    }

    /// The offset of the cursor in the input.
    var offset: Int { cursor + shift }
    func offset(of index: Int) -> Int { index + shift }
    /// How many bytes can be looked at from the cursor on without a refill.
    var available: Int { end - cursor }
    /// Whether the statement has any text so far.
    var isTextEmpty: Bool { textEnd == textStart && cursor == segment }
    var textCount: Int { textEnd - textStart }

    /// The first `count` bytes of the statement.
    func text(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + textStart, count: count) }

    /// Takes everything up to the cursor into the statement.
    mutating func keep() {
        let count = cursor - segment
        if textEnd != segment { memmove(base + textEnd, base + segment, count) }
        textEnd += count
        segment = cursor
    }

    /// Keeps what was scanned and leaves out the next `count` bytes.
    mutating func keepAndDrop(_ count: Int) {
        keep()
        cursor += count
        segment = cursor
    }

    /// Forgets the statement and everything up to the cursor.
    mutating func discard() {
        textStart = cursor
        textEnd = cursor
        segment = cursor
    }

    /// Reads more bytes behind the end; pointers and indices from before are void afterwards, `cursor` is adjusted.
    ///
    /// - Returns: the new bytes, none at the end of the input.
    mutating func fill(from source: inout any ByteSource) throws -> UnsafeBufferPointer<UInt8> {
        if capacity - end < capacity / 4 { makeRoom() }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
        defer { end += count }
        return UnsafeBufferPointer(start: base + end, count: count)
    }

    private mutating func makeRoom() {
        moveToFront()
        guard end > capacity / 2 else { return }
        capacity *= 2
        base = Self.resized(base, to: capacity)
    }

    private mutating func moveToFront() {
        let textCount = textCount
        if textStart > 0 { memmove(base, base + textStart, textCount) }
        let distance = segment - textCount
        if distance > 0 { memmove(base + textCount, base + segment, end - segment) }
        (textStart, textEnd, segment) = (0, textCount, textCount)
        cursor -= distance
        end -= distance
        shift += distance
    }
}
