import CISAL

/// Inflates the body of one gzip member after another with ISA-L, which checks CRC-32 and length at the end of each.
///
/// The header in front of a body is the caller's business. One object a thread; it is used again for every member.
final class GzipInflater {
    /// What one call did.
    struct Step {
        /// Input bytes that were used up. At the end of a member that includes its trailer and nothing behind it.
        let consumed: Int
        let produced: Int
        /// The member is complete and its CRC and length are right.
        let isFinished: Bool
    }

    /// What is wrong with the input.
    enum Fault: Error, Equatable {
        case badData
        case badChecksum

        var reason: String {
            switch self {
            case .badData: "the compressed data is damaged"
            case .badChecksum: "checksum or length of the inflated data is wrong"
            }
        }
    }

    /// ISA-L counts the bytes of a call in 32 bits.
    private static let longestCall = 1 << 30
    private let state: UnsafeMutablePointer<inflate_state>

    init() {
        state = .allocate(capacity: 1)
        isal_inflate_init(state)
        begin()
    }

    deinit { state.deallocate() }

    /// Makes ready for the body of a new member.
    func begin() {
        isal_inflate_reset(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
    }

    /// Inflates as much as input and output allow. A call that neither consumes nor produces needs more input.
    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Step {
        let inputCount = min(input.count, Self.longestCall)
        let outputCount = min(output.count, Self.longestCall)
        // ISA-L does not write through next_in; its header only lacks the const.
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        state.pointee.avail_in = UInt32(inputCount)
        state.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        state.pointee.avail_out = UInt32(outputCount)
        let status = isal_inflate(state)
        guard status >= ISAL_DECOMP_OK else { throw status == ISAL_INCORRECT_CHECKSUM ? .badChecksum : .badData }
        return Step(
            consumed: inputCount - Int(state.pointee.avail_in), produced: outputCount - Int(state.pointee.avail_out),
            isFinished: state.pointee.block_state == ISAL_BLOCK_FINISH)
    }
}
