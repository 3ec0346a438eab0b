/// Bytes that are written one behind another into memory that is used again; it grows when a row does not fit.
struct RowBuffer: ~Copyable {
    private(set) var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes are in use.
    private(set) var count = 0

    init(capacity: Int) {
        start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { start.deallocate() }

    /// What is in use.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Where the next byte goes; valid until the next `reserve`.
    var end: UnsafeMutablePointer<UInt8> { start + count }

    /// Makes room for `additional` more bytes.
    mutating func reserve(_ additional: Int) {
        guard count + additional > capacity else { return }
        resize(to: max(count + additional, capacity + capacity / 2))
    }

    /// Takes over what was written at `end`, up to `newEnd`.
    mutating func advance(to newEnd: UnsafeMutablePointer<UInt8>) { count = newEnd - start }

    /// Drops everything behind the first `length` bytes; memory beyond `limit` is given back, so that one huge row does
    /// not cost its memory until the end.
    mutating func truncate(to length: Int, keeping limit: Int) {
        count = length
        if capacity > limit { resize(to: max(limit, length)) }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        guard let source = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(end).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    private mutating func resize(to newCapacity: Int) {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
        capacity = newCapacity
    }
}
