import CISAL

/// A checksum of a set of rows that does not depend on their order.
///
/// Each row gives one number: the CRC-64 (CRC-64/XZ) of its tuple as the archive spells it, from `(` to `)`, mixed with
/// the tuple's length by the finaliser of MurmurHash3. The numbers are added up modulo 2^64, so ranges that were read
/// in any order, or on several connections, give the same sum, and a row that is there twice counts twice.
struct RowChecksum: Sendable, Equatable {
    /// The sum so far.
    private(set) var value: UInt64 = 0
    /// How many rows are in it.
    private(set) var rows = 0

    /// Of no rows.
    init() {}

    /// Of the rows in members of an archive; nil when one of them has none written down.
    init?(_ members: [ArchiveEntry]) {
        for member in members {
            guard let text = member.rowChecksum, let part = UInt64(text, radix: 16), let count = member.rows else {
                return nil
            }
            value &+= part
            rows += count
        }
    }

    /// Takes in one tuple.
    mutating func add(_ tuple: UnsafePointer<UInt8>, count: Int) {
        value &+= Self.mix(crc64_ecma_refl(0, tuple, UInt64(count)), length: count)
        rows += 1
    }

    /// Takes in the rows of another part of the same table.
    mutating func add(_ other: RowChecksum) {
        value &+= other.value
        rows += other.rows
    }

    /// A CRC alone is linear: sums of two sets that differ in related bits could be equal.
    private static func mix(_ crc: UInt64, length: Int) -> UInt64 {
        var bits = crc ^ (UInt64(truncatingIfNeeded: length) &* 0x9e37_79b9_7f4a_7c15)
        bits = (bits ^ (bits >> 33)) &* 0xff51_afd7_ed55_8ccd
        bits = (bits ^ (bits >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return bits ^ (bits >> 33)
    }

    /// The sum as the index of an archive has it: 16 lower-case hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
